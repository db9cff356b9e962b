/** Acts need a fresh signature over a text that the client builds. docs/spec/06-wire.md, "Acts". */
import { decodeBytes, encodeBytes } from './bytes.ts';

export const ACTIONS = ['login', 'latch', 'password', 'close', 'keep'] as const;
export type Action = (typeof ACTIONS)[number];

export interface Act {
  readonly action: Action;
  readonly account: string;
  readonly origin: string;
  /** 32 bytes from the server. */
  readonly nonce: Uint8Array;
  /** Hours since 1970-01-01T00Z by the client's clock. */
  readonly hour: number;
}

const form =
  /^latchkey\/act\/v1\naction ([a-z]{1,16})\naccount ([a-z0-9@._+-]{3,254})\norigin (https?:\/\/[a-z0-9.:[\]-]{1,280})\nnonce ([A-Za-z0-9_-]{43})\nhour (0|[1-9][0-9]{0,9})\n$/;

export function formatAct(act: Act): string {
  return `latchkey/act/v1\naction ${act.action}\naccount ${act.account}\norigin ${act.origin}\nnonce ${encodeBytes(act.nonce)}\nhour ${act.hour}\n`;
}

/** @returns null where the text is no act */
export function parseAct(text: string): Act | null {
  const [, action, account, origin, nonceText, hourText] = form.exec(text) ?? [];
  const known = ACTIONS.find((each) => each === action);
  const nonce = nonceText === undefined ? null : decodeBytes(nonceText);
  if (known === undefined || account === undefined || origin === undefined || nonce === null) return null;
  return { action: known, account, origin, nonce, hour: Number(hourText) };
}
