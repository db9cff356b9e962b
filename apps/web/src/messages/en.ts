/** English, and the type of every language. */
import { common } from './en/everywhere.ts';
import { compose, drafts, outgoing } from './en/compose.ts';
import { errors } from './en/errors.ts';
import { mail, reading, report, trust } from './en/mail.ts';
import { papers } from './en/papers.ts';
import { contacts, keyboard, settings } from './en/rest.ts';
import { registration, signIn, start, unlock } from './en/start.ts';
import type { Translated } from './translated.ts';

const english = {
  common,
  errors,
  start,
  registration,
  papers,
  signIn,
  unlock,
  mail,
  reading,
  report,
  trust,
  compose,
  outgoing,
  drafts,
  contacts,
  settings,
  keyboard,
} as const;

export type Messages = Translated<typeof english>;
export const en: Messages = english;
