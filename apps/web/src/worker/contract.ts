/**
 * What screens may ask of the crypto worker, and what it tells by itself. Keys never cross this line: what crosses is
 * what a person sees, papers that the person is to keep, and files that the person chose.
 *
 * Everything here can be cloned between threads. Ids of messages are 32 hex digits, other ids are bytes.
 */
import type {
  AccountState,
  ContactKeys,
  DeviceSession,
  EvidenceVerdict,
  KeptEvidence,
  LockOutProgress,
  TrustPolicy,
  VaultState,
} from '@latchkey/sdk/client';
import type {
  Decision,
  Draft,
  ListedFolder,
  Mark,
  Marked,
  MessageRow,
  PlannedReport,
  ReadMessage,
  RefusedRecipient,
  ReportReason,
  Sent,
  TransferProgress,
} from '@latchkey/sdk/mail';

export type {
  AccountState,
  ContactKeys,
  Decision,
  DeviceSession,
  EvidenceVerdict,
  KeptEvidence,
  LockOutProgress,
  Mark,
  Marked,
  MessageRow,
  ReadMessage,
  RefusedRecipient,
  ReportReason,
  Sent,
  TransferProgress,
  TrustPolicy,
  VaultState,
};

/** One account of this browser. Several may be here; one at a time is open in a tab. */
export interface LocalAccount {
  /** Names its storage in this browser; opaque. */
  readonly slot: string;
  /** Null where a registration or login was begun and is not finished. */
  readonly address: string | null;
  readonly origin: string | null;
  /** `begun`: `register` or `signIn` with the same answers goes on with it, `discard` ends it. */
  readonly state: 'open' | 'locked' | 'begun';
}

/** What an answer to `start` says: which screen comes first. */
export interface Here {
  readonly accounts: readonly LocalAccount[];
  /** The slot that was used last, where it is still here. */
  readonly last: string | null;
  /** The server that serves this page: what registration offers. Null where it is no Latchkey server. */
  readonly server: ServerHere | null;
  /** False where the browser lets us keep nothing (a private window of some browsers): all ends with the tab. */
  readonly keeps: boolean;
}

export interface ServerHere {
  readonly origin: string;
  readonly domain: string;
  readonly registration: 'open' | 'invite' | 'closed';
}

/** A paper to print or to save. `page` is a whole HTML document that runs nothing; `text` is for copying by hand. */
export interface Paper {
  readonly address: string;
  readonly page: string;
  /** The line that its code holds. */
  readonly line: string;
  /** Kit only: 24 words. Card: empty. */
  readonly words: readonly string[];
}

export interface Papers {
  readonly card: Paper;
  readonly kit: Paper;
}

/** The state of the open account that every screen shows. */
export interface Opened {
  readonly slot: string;
  readonly address: string;
  readonly origin: string;
  /** Null where the kit was saved, or was never this browser's to show. */
  readonly unsavedKit: Paper | null;
}

export interface ComposedAttachment {
  readonly name: string;
  readonly type: string;
  /** Stays with its owner's disk: it is read while it is sealed. */
  readonly file: File;
}

/** A draft of the sdk, with files of the browser. */
export interface Composed extends Omit<Draft, 'attachments'> {
  readonly attachments: readonly ComposedAttachment[];
}

/** What is kept of a message that is being written: sealed, and here after a crash. Files stay out of it. */
export interface KeptDraft {
  /** 32 hex digits, chosen by the composer when it opens. */
  readonly id: string;
  readonly savedMs: number;
  readonly composed: Omit<Composed, 'attachments'>;
  /** Files that were attached and have to be picked again. */
  readonly attachmentNames: readonly string[];
}

export interface ListQuery {
  /** `requests` and `declined`: what lies in the inbox of strangers, and of those who were declined. */
  readonly folder: ListedFolder;
  readonly unreadOnly?: boolean;
  readonly starredOnly?: boolean;
}

export interface Counts {
  readonly inboxUnread: number;
  readonly requestsUnread: number;
  /** Read or not: nobody is to look there by themselves. */
  readonly declined: number;
  readonly starred: number;
  readonly outbox: number;
}

/** Whether somebody's mail comes into the inbox. */
export interface SenderDecision {
  readonly address: string;
  readonly decision: Decision;
}

/** Who can be written to, one for each address that was asked about. */
export type ChipState =
  /** `words`: nobody but the operator vouches; `human`: compared by the owner. */
  | {
      readonly kind: 'known';
      readonly address: string;
      readonly trust: 'first_use' | 'pinned' | 'proved' | 'witnessed' | 'own';
      readonly takes: 'mail' | 'nothing' | 'full';
    }
  | { readonly kind: 'unknown'; readonly address: string }
  | { readonly kind: 'malformed'; readonly typed: string }
  | { readonly kind: 'changed'; readonly address: string; readonly reason: string };

export interface Contact {
  readonly address: string;
  /** Of the newest pinned version. */
  readonly identity: Uint8Array;
  readonly version: number;
}

/** A message on its way, as this browser knows of it. */
export interface OutgoingMessage {
  /** 32 hex digits. */
  readonly id: string;
  readonly subject: string;
  readonly to: readonly string[];
  /**
   * `held`: it can be taken back without anybody knowing, until `heldUntilMs`. `paused`: by its owner. `waiting`: for
   * `needs`, for the network, or for somebody's server; `elsewhere`: another tab or device may have it in hand.
   */
  readonly state: 'uploading' | 'held' | 'delivering' | 'paused' | 'waiting' | 'elsewhere';
  readonly progress: { readonly doneBytes: number; readonly totalBytes: number } | null;
  readonly heldUntilMs: number | null;
  /** Files that have to be picked again: a page does not keep them over a reload. */
  readonly needs: readonly { readonly name: string; readonly sizeBytes: number }[];
  /** Why it waits, where an error says so. */
  readonly problem: string | null;
}

/** All that the operator will see of a message that is reported. */
export type ReportPlan = Omit<PlannedReport, 'send'>;

/** What an attachment is opened for. */
export interface ItemWish {
  readonly message: string;
  /** Among the message's attachments, from 0. */
  readonly index: number;
  /** `save`: with a file name, as a download; `show`: for `img`, `audio`, `video` (by range) and previews. */
  readonly as: 'save' | 'show';
}

/** name → what is asked and what is answered. */
export interface Requests {
  /** First of all, once a page. */
  start: { readonly ask: Record<string, never>; readonly answer: Here };
  /** Says at once, without making anything: typed text → canonical address, or why not. */
  checkAddress: {
    readonly ask: { readonly typed: string };
    readonly answer:
      | { readonly kind: 'free'; readonly address: string }
      /** `unknown`: the server cannot be reached, or tells nobody without an invitation. */
      | { readonly kind: 'taken' | 'reserved' | 'unknown'; readonly address: string }
      | { readonly kind: 'malformed' };
  };
  register: {
    readonly ask: {
      readonly address: string;
      readonly password: string;
      readonly deviceName: string;
      readonly invitation?: string;
      readonly origin?: string;
      /** Whoever asks knows that the address was somebody else's, and is shown to everybody as a different person. */
      readonly reissued?: boolean;
    };
    readonly answer: { readonly opened: Opened; readonly papers: Papers };
  };
  /** The kit is on paper: forget it. */
  kitSaved: { readonly ask: Record<string, never>; readonly answer: null };
  /** Emits `vaultState` and waits for `acceptVaultState` before it joins. */
  signIn: {
    readonly ask: {
      readonly address: string;
      readonly deviceName: string;
      readonly origin?: string;
      readonly with: { readonly password: string; readonly card: string } | { readonly kit: string };
    };
    readonly answer: Opened;
  };
  acceptVaultState: { readonly ask: { readonly accept: boolean }; readonly answer: null };
  /** Of what was typed, scanned or read from a saved page: the address, so that the screen can fill it in. */
  readPaper: {
    readonly ask: { readonly text: string };
    readonly answer: { readonly kind: 'card' | 'kit'; readonly address: string | null; readonly line: string } | null;
  };
  /** Opens what is unlocked in this browser. @throws `profile_locked` */
  open: { readonly ask: { readonly slot: string }; readonly answer: Opened };
  unlock: { readonly ask: { readonly slot: string; readonly password: string }; readonly answer: Opened };
  /** Takes the key away from every tab of this browser. */
  lock: { readonly ask: Record<string, never>; readonly answer: null };
  /** Takes the account off this browser. */
  logOut: { readonly ask: { readonly slot: string }; readonly answer: null };
  /** Ends a registration or login that was begun and is not finished. */
  discard: { readonly ask: { readonly slot: string }; readonly answer: null };
  /** Minutes without use after which the account locks itself. */
  autoLock: { readonly ask: { readonly minutes?: number }; readonly answer: { readonly minutes: number } };

  accountState: { readonly ask: Record<string, never>; readonly answer: AccountState };
  signInCard: { readonly ask: Record<string, never>; readonly answer: Paper };
  changePassword: { readonly ask: { readonly password: string }; readonly answer: null };
  sessions: { readonly ask: Record<string, never>; readonly answer: readonly DeviceSession[] };
  removeSession: { readonly ask: { readonly id: Uint8Array }; readonly answer: null };
  /** A lost device, a stolen card: everything new. Progress comes as `lockOut`. */
  lockOut: { readonly ask: { readonly password: string }; readonly answer: Papers };
  closeAccount: { readonly ask: Record<string, never>; readonly answer: { readonly removedOnDay: number } };
  keepAccount: { readonly ask: Record<string, never>; readonly answer: null };
  trustPolicy: { readonly ask: Record<string, never>; readonly answer: TrustPolicy | null };

  list: { readonly ask: ListQuery; readonly answer: readonly MessageRow[] };
  counts: { readonly ask: Record<string, never>; readonly answer: Counts };
  /** Words in sender, recipients, subject and first words; this browser alone does it. */
  find: { readonly ask: { readonly words: string }; readonly answer: readonly MessageRow[] };
  read: { readonly ask: { readonly id: string }; readonly answer: ReadMessage };
  /** The message and all that it answers, or that answer it, oldest first; from the trash only itself. */
  conversation: { readonly ask: { readonly id: string }; readonly answer: readonly MessageRow[] };
  /** Fetches what is new now; it also comes by itself. */
  refresh: { readonly ask: Record<string, never>; readonly answer: null };
  mark: { readonly ask: { readonly ids: readonly string[]; readonly mark: Mark }; readonly answer: readonly Marked[] };
  /** What `mark` gave as `before`, put back. */
  unmark: { readonly ask: { readonly marked: readonly Marked[] }; readonly answer: null };
  /** Answers what was decided before: asked again with that, it is undone. Nobody else hears of it. */
  decide: {
    readonly ask: { readonly decisions: readonly SenderDecision[] };
    readonly answer: readonly SenderDecision[];
  };
  /** Progress comes with the call. @throws `recipients_refused` with `recipients` */
  send: {
    readonly ask: {
      readonly composed: Composed;
      readonly skipRefused?: boolean;
      /** The draft that it was: out of sight while it is on its way, there again when it is taken back, gone when sent. */
      readonly draft?: string;
      /** How long it may be taken back without anybody knowing. Default: not at all. */
      readonly holdMs?: number;
    };
    /** Null where it was paused or taken back on the way. */
    readonly answer: Sent | null;
  };
  /** All that is on its way; changes come as news. */
  outgoing: { readonly ask: Record<string, never>; readonly answer: readonly OutgoingMessage[] };
  /** Goes on with it, or begins again after a pause; `files`: those that it needs. Null where it has to wait. */
  goOnSending: {
    readonly ask: { readonly id: string; readonly files?: readonly File[] };
    readonly answer: Sent | null;
  };
  pauseSending: { readonly ask: { readonly id: string }; readonly answer: null };
  /** Does not wait until the time for taking back is over. */
  sendNow: { readonly ask: { readonly id: string }; readonly answer: null };
  takeBack: { readonly ask: { readonly id: string }; readonly answer: 'taken_back' | 'too_late' };
  saveDraft: { readonly ask: Omit<KeptDraft, 'savedMs'>; readonly answer: null };
  drafts: { readonly ask: Record<string, never>; readonly answer: readonly KeptDraft[] };
  removeDraft: { readonly ask: { readonly id: string }; readonly answer: null };

  /**
   * An address on this origin from which the browser takes the opened bytes as a stream, once for `save`, and by ranges
   * until the account closes for `show`. Where the page has no service worker an address of the same bytes in memory, for
   * what is small; the line itself says which (`streams`).
   *
   * @throws `item_too_large_here` where there is no service worker and it is larger than 64 MiB
   */
  openItem: {
    readonly ask: ItemWish & { readonly streams?: boolean };
    readonly answer: { readonly url: string; readonly name: string; readonly type: string; readonly sizeBytes: number };
  };
  /** All bytes of a small attachment (previews of text and PDF). At most 32 MiB. */
  itemBytes: { readonly ask: Pick<ItemWish, 'message' | 'index'>; readonly answer: Uint8Array<ArrayBuffer> };
  /** The message as a file for other programs. */
  exportEml: { readonly ask: { readonly id: string }; readonly answer: Uint8Array<ArrayBuffer> };

  /** Discloses nothing yet. @throws `reports_closed`, `sender_unverified` */
  planReport: { readonly ask: { readonly id: string }; readonly answer: ReportPlan };
  /** Discloses what was planned last, to the operator's key. Asked again after a cut, it is the same report. */
  sendReport: {
    readonly ask: { readonly id: string; readonly reason: ReportReason; readonly words: string };
    readonly answer: null;
  };

  /** For chips: asks the directory, pins what is new. */
  resolve: { readonly ask: { readonly typed: readonly string[] }; readonly answer: readonly ChipState[] };
  contacts: { readonly ask: Record<string, never>; readonly answer: readonly Contact[] };
  /** Asks anew, with the twelve words to compare. */
  contactKeys: { readonly ask: { readonly address: string }; readonly answer: ContactKeys };
  verifiedByHuman: { readonly ask: { readonly address: string; readonly identity: Uint8Array }; readonly answer: null };
  keyEvidence: { readonly ask: Record<string, never>; readonly answer: readonly KeptEvidence[] };
  verifyEvidence: { readonly ask: { readonly file: Uint8Array }; readonly answer: EvidenceVerdict };
}

export type RequestName = keyof Requests;
export type Ask<N extends RequestName> = Requests[N]['ask'];
export type Answer<N extends RequestName> = Requests[N]['answer'];

/** What the worker tells by itself. */
export type News =
  /** Something in the lists changed: ask again. `rows`: newly arrived, newest last, without those of declined senders; empty for other changes. */
  | { readonly news: 'mail'; readonly rows: readonly MessageRow[] }
  | { readonly news: 'outgoing'; readonly messages: readonly OutgoingMessage[] }
  /** `offline`: the server cannot be reached; it is tried again. */
  | { readonly news: 'line'; readonly state: 'connecting' | 'online' | 'offline' }
  /** Locked or logged out, here or in another tab, by time, or because the session was ended elsewhere. */
  | { readonly news: 'closed'; readonly why: 'locked' | 'idle' | 'logged_out' | 'session_ended' }
  /** The server contradicts itself: nothing goes on until a person has read it. */
  | { readonly news: 'alarm'; readonly code: string }
  /** The newest state of the vault that this server shows, for `acceptVaultState`. */
  | { readonly news: 'vaultState'; readonly state: VaultState }
  | { readonly news: 'lockOut'; readonly progress: LockOutProgress };

/** An error as it crosses the line. The code is one of sdk, crypto, protocol, mime, or of this file. */
export interface Failure {
  readonly code: string;
  /** Where `code` is `server_refused`. */
  readonly wire: string | null;
  readonly retryAfterSeconds: number | null;
  /** Where `code` is `recipients_refused`. */
  readonly recipients: readonly RefusedRecipient[];
}

/** Codes of the worker itself: `item_too_large_here`, `account_closed` (nothing is open), `worker_failed`, `unexpected`. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError';
  readonly failure: Failure;
  readonly code: string;

  constructor(failure: Failure) {
    super(failure.code);
    this.failure = failure;
    this.code = failure.code;
  }
}

export interface CallOptions {
  /** Raised: the call ends with code `stopped`; what it had begun and can be gone on with stays. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TransferProgress) => void;
}

/** The page's end of the line: `connectWorker()` in `worker-line.ts` gives one; screens get it handed in. */
export interface WorkerLine {
  /** @throws WorkerError */
  call<N extends RequestName>(name: N, ask: Ask<N>, options?: CallOptions): Promise<Answer<N>>;
  /** @returns what ends it */
  listen(listener: (news: News) => void): () => void;
}
