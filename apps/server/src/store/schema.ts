/** The tables as the query builder sees them. What each column is and reveals stands in inventory/tables.ts. */
export interface Tables {
  readonly setting: { name: string; value: string };
  readonly account: {
    id: Uint8Array;
    address: string;
    state: AccountState;
    removed_on_day: number | null;
    quota_bytes: number;
    quota_arrivals: number;
    used_bytes: number;
    arrivals_here: number;
    arrivals_ever: number;
    events_ever: number;
    new_until_day: number | null;
  };
  readonly login: {
    account: Uint8Array;
    id: Uint8Array;
    kind: LatchKind;
    generation: number;
    wrapped: Uint8Array;
    rescue: Uint8Array | null;
    record: string | null;
  };
  readonly session: {
    account: Uint8Array;
    token_hash: Uint8Array;
    id: Uint8Array;
    name: Uint8Array;
    device: Uint8Array;
    expires_day: number;
    act_nonce: Uint8Array | null;
  };
  readonly invitation: { id: Uint8Array; expires_day: number; state: 'open' | 'used' };
  readonly statement: { account: Uint8Array; version: number; note: string; taken_hour: number | null };
  readonly report: { id: Uint8Array; day: number; sealed: Uint8Array };
  readonly upload: { account: Uint8Array; id: Uint8Array; size_bytes: number; file: string; started_on_day: number };
  readonly upload_part: { account: Uint8Array; upload: Uint8Array; part: number; hash: Uint8Array };
  readonly blob: {
    id: Uint8Array;
    size_bytes: number;
    content: Uint8Array | null;
    file: string | null;
    unnamed_on_day: number | null;
  };
  readonly hold: {
    account: Uint8Array;
    id: Uint8Array;
    blob: Uint8Array;
    size_bytes: number;
    header: Uint8Array | null;
  };
  readonly arrival: {
    account: Uint8Array;
    number: number;
    key: Uint8Array;
    hash: Uint8Array;
    hour: number | null;
    part: Uint8Array | null;
  };
  readonly arrival_item: {
    account: Uint8Array;
    arrival: number;
    item: number;
    blob: Uint8Array;
    size_bytes: number;
    header: Uint8Array | null;
  };
  readonly space: { account: Uint8Array; id: Uint8Array; kind: SpaceKind; size: number };
  readonly record: {
    account: Uint8Array;
    space: Uint8Array;
    id: Uint8Array;
    version: number;
    epoch: number;
    number: number;
    sealed: Uint8Array;
  };
  readonly change: {
    account: Uint8Array;
    space: Uint8Array;
    number: number;
    record: Uint8Array;
    version: number;
    epoch: number;
    hash: Uint8Array;
  };
  readonly head: { account: Uint8Array; space: Uint8Array; device: Uint8Array; size: number; head: Uint8Array };
  readonly event: {
    account: Uint8Array;
    number: number;
    day: number;
    kind: 'arrival' | 'space' | 'account';
    space: Uint8Array | null;
    value: number;
  };
  readonly opening: { account: Uint8Array; version: number; opening: Uint8Array };
  readonly address_index: { account: Uint8Array; log_index: Uint8Array; proof: Uint8Array };
  readonly key_leaf: { position: number; leaf: Uint8Array };
  readonly index_leaf: { position: number; leaf: Uint8Array };
  readonly log_tile: { log: LogName; level: number; tile: number; hashes: Uint8Array };
  readonly log_head: { log: LogName; state: HeadState; size: number; root: Uint8Array; note: string };
  readonly log_hour: { hour: number; note: string };
}

/** `closing`: within the days of grace. `gone`: removed, the address stays taken. */
export type AccountState = 'open' | 'closing' | 'suspended' | 'gone';
export type LatchKind = 'password' | 'kit' | 'passkey' | 'device' | 'trustees' | 'organisation';
export type SpaceKind = 'vault' | 'mailbox' | 'other';
export type LogName = 'keys' | 'index';
/** `signed`: the largest head this server ever signed. `published`: the largest that enough witnesses signed too. */
export type HeadState = 'signed' | 'published';
