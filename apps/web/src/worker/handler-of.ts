/** Which handler a request has. What the inbox needs is here from the start; the rest comes when it is asked for. */
import type { RequestName } from './contract.ts';
import type { Handler, Handlers } from './desk.ts';
import { listHandlers } from './list-handlers.ts';
import { openingHandlers } from './opening-handlers.ts';

type Later = Exclude<RequestName, keyof typeof openingHandlers | keyof typeof listHandlers>;

const account = async (): Promise<Handlers> => (await import('./account-handlers.ts')).accountHandlers as Handlers;
const settings = async (): Promise<Handlers> => (await import('./settings-handlers.ts')).settingsHandlers as Handlers;
const message = async (): Promise<Handlers> => (await import('./message-handlers.ts')).messageHandlers as Handlers;
const report = async (): Promise<Handlers> => (await import('./report-handlers.ts')).reportHandlers as Handlers;
const outgoing = async (): Promise<Handlers> => (await import('./outgoing-handlers.ts')).outgoingHandlers as Handlers;
const draft = async (): Promise<Handlers> => (await import('./draft-handlers.ts')).draftHandlers as Handlers;
const item = async (): Promise<Handlers> => (await import('./item-handlers.ts')).itemHandlers as Handlers;
const people = async (): Promise<Handlers> => (await import('./people-handlers.ts')).peopleHandlers as Handlers;

/** Each of them stands in the file that its loader names; the types of those files say that none is missing. */
const LATER: { readonly [N in Later]: () => Promise<Handlers> } = {
  checkAddress: account,
  register: account,
  kitSaved: account,
  signIn: account,
  acceptVaultState: account,
  readPaper: account,
  unlock: account,
  logOut: account,
  discard: account,
  accountState: settings,
  signInCard: settings,
  changePassword: settings,
  sessions: settings,
  removeSession: settings,
  lockOut: settings,
  closeAccount: settings,
  keepAccount: settings,
  read: message,
  send: outgoing,
  outgoing,
  goOnSending: outgoing,
  pauseSending: outgoing,
  sendNow: outgoing,
  takeBack: outgoing,
  exportEml: message,
  planReport: report,
  sendReport: report,
  saveDraft: draft,
  drafts: draft,
  removeDraft: draft,
  openItem: item,
  itemBytes: item,
  resolve: people,
  decide: people,
  contacts: people,
  contactKeys: people,
  verifiedByHuman: people,
  keyEvidence: people,
  verifyEvidence: people,
  trustPolicy: people,
};

export async function handlerOf<N extends RequestName>(name: N): Promise<Handler<N>> {
  const atOnce: Partial<Handlers> = { ...openingHandlers, ...listHandlers };
  return atOnce[name] ?? (await LATER[name as Later]())[name];
}
