/** After a server has gone back to an older state (docs/spec/17-backup.md, "What devices do"). */
import { encodeBytes, limits } from '@latchkey/protocol/wire';
import { hex } from '@scure/base';
import * as v from 'valibot';
import { bytesField, parseStored, u32Field } from '../account/stored-json.ts';
import { giveBackStatements } from '../client/own-statements.ts';
import type { Client } from '../client/types.ts';
import { hourOfMs } from '../hours.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import { openSeen } from '../sync/seen-file.ts';
import type { AsideRecord, RecordBody, RecordEdit, Setback, Space } from '../sync/types.ts';
import { receive } from './receive.ts';
import { encodeUtf8 } from '../sync/utf8-text.ts';
import type { TransferOptions } from './types.ts';

const KIND = 'setback';

export interface SpaceSetback extends Setback {
  readonly space: 'vault' | 'mailbox';
}

export interface Healed {
  /** Records that this device gave back. */
  readonly offered: number;
  /** Made by a newer version of this software, and so left to it. */
  readonly left: number;
  /** Of the own address, which the server had lost and its key log had not. */
  readonly statements: number;
}

/**
 * What the server has gone back in; empty where it has not.
 *
 * @throws SdkError `epoch_unknown`; what the wire throws
 */
export async function setbacks({ vault, mailbox }: Client): Promise<readonly SpaceSetback[]> {
  const found: SpaceSetback[] = [];
  for (const [name, space] of [
    ['vault', vault],
    ['mailbox', mailbox],
  ] as const) {
    const setback = await space.setback();
    if (setback !== null) found.push({ space: name, ...setback });
  }
  return found;
}

/**
 * Goes on with the server as it is, and gives back every record of which this device has a newer version, and statements of
 * this account that the server has lost. Only after the
 * owner has agreed: from then on nobody can tell what the server has dropped but by the note that stays in the vault.
 * Killed anywhere, call it again.
 */
export async function heal(client: Client, options: TransferOptions = {}): Promise<Healed> {
  const found = await setbacks(client);
  if (found.length === 0) return { ...NOTHING, statements: await giveBackStatements(client) };
  const { vault, mailbox, host } = client;
  const ofVault = found.find(({ space }) => space === 'vault');
  const ofMailbox = found.find(({ space }) => space === 'mailbox');
  const vaultHealed = ofVault === undefined ? NOTHING : await healSpace(client, vault, { setback: ofVault });
  const fileArrivals = async (): Promise<void> => {
    const seen = openSeen(host.profile);
    await seen.setEventCursor(0);
    await seen.keepArrivals(null);
    await receive(client, options);
  };
  if (ofMailbox === undefined) await fileArrivals();
  // What arrived before and was filed after lies there unfiled again. It is filed before its record is compared: that is
  // what makes the server hold its items.
  const mailboxHealed =
    ofMailbox === undefined ? NOTHING : await healSpace(client, mailbox, { setback: ofMailbox, between: fileArrivals });
  // Together, and last: until here everything can be done once more.
  await mailbox.forgetAside();
  await vault.forgetAside();
  return {
    offered: vaultHealed.offered + mailboxHealed.offered,
    left: vaultHealed.left + mailboxHealed.left,
    statements: await giveBackStatements(client),
  };
}

const NOTHING: Omit<Healed, 'statements'> = { offered: 0, left: 0 };

async function healSpace(
  client: Client,
  space: Space,
  { setback, between }: { readonly setback: Setback; readonly between?: () => Promise<void> },
): Promise<Omit<Healed, 'statements'>> {
  const numbers = await space.beginAgain();
  await between?.();
  const earlier = await earlierHeal(client, space);
  const edits: RecordEdit[] = [];
  let left = 0;
  for await (const record of space.aside()) {
    if (!isNewerHere(record, { numbers, earlier, seen: setback.seen })) continue;
    const { body } = record;
    if (body === 'unreadable') left += 1;
    else edits.push({ id: record.id, change: (current) => offered(current, body) });
  }
  await space.write(edits);
  await noteHeal(client, space, setback);
  return { offered: edits.length, left };
}

interface KnownHeals {
  readonly numbers: ReadonlyMap<string, number>;
  /** What another device gave back after the same setback. */
  readonly earlier: { readonly seen: number; readonly healedTo: number } | null;
  readonly seen: number;
}

function isNewerHere(
  { id, version, shownVersion, body }: AsideRecord,
  { numbers, earlier, seen }: KnownHeals,
): boolean {
  // What devices noted of histories that are no more.
  if (body !== null && body !== 'unreadable' && body.kind === 'heads') return false;
  if (version <= shownVersion) return false;
  if (earlier === null) return true;
  // One log was shown to all of them: who had seen more of it had seen everything of who had seen less.
  return seen > earlier.seen && (numbers.get(hex.encode(id)) ?? 0) <= earlier.healedTo;
}

function offered(current: RecordBody | null, body: RecordBody | null): RecordBody | null | 'keep' {
  if (JSON.stringify(current) === JSON.stringify(body)) return 'keep';
  // Another kind, or a newer form of it, is not what this device had.
  if (current !== null && body !== null && (current.kind !== body.kind || current.v > body.v)) return 'keep';
  return body;
}

interface SetbackNote {
  readonly space: Uint8Array;
  readonly device: Uint8Array;
  readonly hour: number;
  readonly seen: number;
  readonly shown: number;
  readonly shownHour: number | null;
  readonly healedTo: number;
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const note: v.GenericSchema<unknown, SetbackNote & { kind: string; v: number }> = v.strictObject({
  kind: v.literal(KIND),
  v: v.literal(1),
  space: bytesField(limits.ID_BYTES),
  device: bytesField(limits.ID_BYTES),
  hour: u32Field,
  seen: count,
  shown: count,
  shownHour: v.nullable(u32Field),
  healedTo: count,
});

/** Of the other devices that have gone through this setback, the one that had seen the most. */
async function earlierHeal({ vault }: Client, space: Space): Promise<KnownHeals['earlier']> {
  const before = new Set<string>();
  // Those that this device knew are of setbacks before; what is put aside of the vault stays until both are healed.
  for await (const { body, id } of vault.aside()) {
    if (body !== null && body !== 'unreadable' && body.kind === KIND) before.add(hex.encode(id));
  }
  let most: KnownHeals['earlier'] = null;
  for await (const { id, body } of vault.entries(KIND)) {
    const known = parseStored(note, body);
    if (known === null || before.has(hex.encode(id)) || !equalBytes(known.space, space.id)) continue;
    if (most === null || known.seen > most.seen) most = known;
  }
  return most;
}

/** Stays in the vault: the owner can show on every device, and for ever, that the server went back, and how far. */
async function noteHeal({ vault, device, host }: Client, space: Space, setback: Setback): Promise<void> {
  const { seen, shown, shownHour } = setback;
  const healedTo = (await space.tip()).size;
  const body = {
    kind: KIND,
    v: 1,
    space: encodeBytes(space.id),
    device: encodeBytes(device),
    hour: hourOfMs(host.clock.nowMs()),
    seen,
    shown,
    shownHour,
    healedTo,
  };
  const name = encodeUtf8(`${hex.encode(space.id)} ${hex.encode(device)} ${seen} ${shown}`);
  await vault.write([
    { id: await vault.nameRecord(KIND, name), change: (current) => (current === null ? body : 'keep') },
  ]);
}

/** Every setback that a device of this account has gone through, the newest first. */
export async function pastSetbacks({ vault, mailbox }: Client): Promise<readonly (SpaceSetback & { hour: number })[]> {
  const found: (SpaceSetback & { hour: number })[] = [];
  for await (const { body } of vault.entries(KIND)) {
    const known = parseStored(note, body);
    if (known === null) continue;
    const { hour, seen, shown, shownHour } = known;
    const space = equalBytes(known.space, mailbox.id) ? 'mailbox' : 'vault';
    found.push({ space, hour, seen, shown, shownHour });
  }
  return found.toSorted((one, other) => other.hour - one.hour);
}
