/** The key log after a restore: docs/spec/17-backup.md, "The key log". */
import {
  growTree,
  leafHash,
  noteVerifier,
  parseCheckpoint,
  verifyNote,
  formatNote,
  treeRoot,
  type Note,
} from '@latchkey/tlog';
import { formatRestored, readRestored } from '../backup/restored.ts';
import type { KeyLogConfig } from '../config/config.ts';
import type { LogName } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { verifySignature, type Cosigner, type Cosigners } from './cosigner.ts';
import type { LogIdentities } from './log-signer.ts';
import { countLeaves, readHeads } from './read-heads.ts';
import { storedTiles } from './stored-tiles.ts';
import { WitnessSource } from './witness-source.ts';

export interface ReopenOptions {
  readonly store: Store;
  readonly identities: LogIdentities;
  readonly cosigners: Cosigners;
  readonly config: KeyLogConfig;
}

export interface Reopened {
  readonly isOpen: boolean;
  /** For the operator. */
  readonly what: string;
}

interface Head {
  readonly size: number;
  readonly rootHash: Uint8Array;
  readonly note: string;
}

/**
 * Data out of a backup has forgotten what it signed since. Nothing is signed again until enough witnesses have said what
 * they have seen, and every entry up to that is here. Repeating it changes nothing.
 */
export async function reopenLog(options: ReopenOptions): Promise<Reopened> {
  const { store } = options;
  const restored = await readRestored(store.db);
  if (restored === null || restored.keyLog === 'open') return { isOpen: true, what: 'open' };
  const taken: Record<LogName, number> = { keys: 0, index: 0 };
  // The key log first: an index leaf speaks of it.
  for (const log of ['keys', 'index'] as const) {
    const outcome = await takeBack(options, log);
    if (typeof outcome === 'string') return { isOpen: false, what: `the ${log} log stays closed: ${outcome}` };
    taken[log] = outcome;
  }
  await store.write('setSetting', { name: 'restored', value: formatRestored({ ...restored, keyLog: 'open' }) });
  const what = `open again; taken back from auditors: ${taken.keys} changes of keys, ${taken.index} leaves of the index`;
  return { isOpen: true, what };
}

/** @returns how many entries were taken back, or why it is not possible */
async function takeBack(options: ReopenOptions, log: LogName): Promise<number | string> {
  const { store, cosigners } = options;
  const newest = await newestHead(options, log);
  if (typeof newest === 'string') return newest;
  const { signed } = (await readHeads(store.db))[log];
  const size = signed?.size ?? 0;
  if (newest === null || newest.size < size) return 0;
  if (newest.size === size) {
    const isSame = signed !== null && Buffer.compare(signed.root, newest.rootHash) === 0;
    return isSame || size === 0 ? 0 : 'a witness has seen another history of this size';
  }
  for (const cosigner of cosigners.all) {
    const source = new WitnessSource(cosigner.url, options.identities[log].origin);
    const entries = await source.entries(size, newest.size);
    if (entries !== null && (await adopt(store, { log, from: size, entries, newest }))) return newest.size - size;
  }
  return `${newest.size - size} entries were signed after this backup, and no auditor has them`;
}

/** Whatever was published once had a quorum; so many answers that every quorum has one of them. */
async function newestHead(
  { cosigners, config, identities }: ReopenOptions,
  log: LogName,
): Promise<Head | null | string> {
  const witnesses = cosigners.all.filter(({ isAuditor }) => !isAuditor);
  if (witnesses.length === 0) return 'no witness is named in the settings, and so nobody can say what was signed';
  const quorum = config.quorum ?? Math.floor(witnesses.length / 2) + 1;
  const asked = log === 'index' ? cosigners.all : witnesses;
  const answers = await Promise.all(
    asked.map(async (cosigner) => ({ cosigner, head: await headOf(cosigner, identities, log) })),
  );
  const heard = answers.filter(({ head }) => head !== 'away');
  const heardWitnesses = heard.filter(({ cosigner }) => !cosigner.isAuditor).length;
  const needed = witnesses.length - quorum + 1;
  if (heardWitnesses < needed) return `${heardWitnesses} of ${witnesses.length} witnesses answer, ${needed} are needed`;
  let newest: Head | null = null;
  for (const { head } of heard) if (head !== 'away' && head !== null && head.size > (newest?.size ?? -1)) newest = head;
  return newest;
}

/** What this server itself signed, or nothing: a witness cannot make up a head. */
async function headOf({ url }: Cosigner, identities: LogIdentities, log: LogName): Promise<Head | null | 'away'> {
  const { origin, verifierKeys } = identities[log];
  const note = await new WitnessSource(url, origin).newestHead();
  if (note === null || note === 'away') return note;
  const own: Note = {
    text: note.text,
    signatures: note.signatures.filter((line) =>
      verifierKeys.some(({ name, keyId }) => name === line.keyName && keyId === line.keyId),
    ),
  };
  const verifiers = verifierKeys.map((key) => noteVerifier(key, verifySignature));
  const verdict = await verifyNote(own, verifiers, 'all');
  if (!verdict.verified) return 'away';
  const { size, rootHash, ...rest } = parseCheckpoint(own.text);
  if (rest.origin !== origin) return 'away';
  return { size, rootHash, note: Buffer.from(formatNote(own)).toString('utf8') };
}

/** @returns false where these entries are not those of the head */
async function adopt(
  store: Store,
  { log, from, entries, newest }: { log: LogName; from: number; entries: readonly Uint8Array[]; newest: Head },
): Promise<boolean> {
  const tiles = storedTiles(store.db, log);
  const leafHashes = entries.map((entry) => leafHash(entry));
  const grown = await growTree({ oldSize: from, tiles, leafHashes });
  if (grown.size !== newest.size || Buffer.compare(grown.rootHash, newest.rootHash) !== 0) return false;
  // Accepted before the backup and signed after it: these lie here already, and must be the same.
  const known = log === 'keys' ? await countLeaves(store.db) : from;
  if (known > newest.size) return false;
  const { size, rootHash: root } = grown;
  const growth = { log, fromSize: from, size, root, note: newest.note, tiles: grown.tiles, entry: null };
  await store.write('takeBackEntries', { from, entries, growth });
  return Buffer.compare(root, await treeRoot(size, storedTiles(store.db, log))) === 0;
}
