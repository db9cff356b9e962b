import { createHash, randomBytes } from 'node:crypto';
import { commit, encodeLeaf, type LeafFlag } from '@latchkey/key-directory';
import { parseCheckpoint, parseNote } from '@latchkey/tlog';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { ServerError } from '../errors.ts';
import { databaseFile } from '../store/database-file.ts';
import type { Store } from '../store/store.ts';
import type { AddressIndex, NewLeaf } from '../writes/key-log.ts';
import { addEarlierStatements } from './add-earlier-statements.ts';
import { openCosigners } from './cosigner.ts';
import { logSigner, type LogIdentities } from './log-signer.ts';
import { openLogSecrets } from './log-secrets.ts';
import type { KnownSizes, Proved, WantedLabel } from './log-state.ts';
import { startLogWorker, type LogWorker } from './log-worker.ts';
import { countLeaves, leafAt, readHeads } from './read-heads.ts';
import { reopenLog, type Reopened } from './reopen-log.ts';
import { Sequencer } from './sequencer.ts';

const openingBytes = 16;

export interface AcceptedStatement {
  readonly address: string;
  readonly version: number;
  readonly note: string;
  readonly flag: LeafFlag;
  readonly logIndex: Uint8Array;
}

/** The key log, for handlers. docs/spec/13-key-log.md. */
export interface KeyLog {
  readonly identities: LogIdentities;
  /** Who witnesses, as a tlog-policy. */
  readonly policyText: string;
  /** SHA-256 of it. */
  readonly policyHash: Uint8Array;
  /** The place of an address in the index: about ten milliseconds of its own thread. */
  indexOf(address: string): Promise<AddressIndex>;
  /** Whether a place of the index has entries already. */
  hasEntries(logIndex: Uint8Array): Promise<boolean>;
  /** The signed leaf of a version of an address; null where it has none. */
  signedLeaf(logIndex: Uint8Array, version: number): Promise<Uint8Array | null>;
  /** What `createAccount` takes besides the first statement. */
  genesisOf(address: string, note: string): Promise<{ readonly leaf: NewLeaf; readonly index: AddressIndex }>;
  /** The entry of a statement that is about to be accepted, with a fresh opening. */
  leafOf(statement: AcceptedStatement): NewLeaf;
  /**
   * Whether new statements are taken. Not after a restore, until this data is what was signed, nor once a witness has seen
   * more than it holds: an entry that is accepted has its place, and that place may be taken.
   */
  readonly isOpen: boolean;
  /** An entry was written: it will be signed within a second. */
  wake(): void;
  /** @returns null while there is no head that enough witnesses have signed */
  prove(wanted: readonly WantedLabel[], known: KnownSizes | null): Promise<Proved | null>;
  stop(): Promise<void>;
}

export interface KeyLogOptions {
  readonly config: Config & { readonly data: string };
  readonly store: Store;
  readonly everyMs: number;
  readonly log: Logger;
  readonly died: (reason: string) => void;
}

/** @throws ServerError `data_damaged`, `config_malformed` */
export async function openKeyLog({ config, store, ...options }: KeyLogOptions): Promise<KeyLog> {
  const isNew = (await countLeaves(store.db)) === 0;
  const secrets = openLogSecrets(config.data, isNew);
  const identities = logSigner(config.domain, secrets);
  const cosigners = openCosigners(config.keyLog, identities);
  await requireOrigin(store, identities);
  const file = databaseFile(config.data);
  const start = async (): Promise<LogWorker> => startLogWorker({ file, domain: config.domain, secrets }, options.died);
  const reopen = (): Promise<Reopened> => reopenLog({ store, identities, cosigners, config: config.keyLog });
  let reopened = await reopen();
  let worker = await start();
  const indexOf = (address: string): Promise<AddressIndex> => worker.ask('indexOf', { label: address });
  const begin = async (): Promise<Sequencer> => {
    await addEarlierStatements({ store, indexOf, leafOf });
    return new Sequencer({ store, worker, cosigners, ...options });
  };
  let sequencer: Sequencer | null = null;
  try {
    sequencer = reopened.isOpen ? await begin() : null;
  } catch (error) {
    await worker.stop();
    throw error;
  }
  const tryAgain = async (): Promise<void> => {
    if (sequencer !== null) return;
    reopened = await reopen();
    options.log.warn({ keyLog: reopened.what });
    if (!reopened.isOpen) return;
    // What the thread holds in memory is the log as it was before.
    const before = worker;
    worker = await start();
    await before.stop();
    sequencer = await begin();
  };
  if (!reopened.isOpen) options.log.warn({ keyLog: reopened.what });
  const stopTrying = sequencer === null ? trying(tryAgain, options) : async (): Promise<void> => undefined;
  const { policyText } = cosigners;
  const policyHash = createHash('sha256').update(policyText).digest();
  // For "invite", which runs beside it and may not have the same settings.
  await store.write('setSetting', { name: 'policy', value: policyHash.toString('base64url') });
  return {
    identities,
    policyText,
    policyHash,
    indexOf,
    hasEntries: (logIndex) => worker.ask('hasEntries', { logIndex }),
    async signedLeaf(logIndex, version) {
      const position = await worker.ask('positionOf', { logIndex, version });
      return position === null ? null : leafAt(store.db, position);
    },
    async genesisOf(address, note) {
      const index = await indexOf(address);
      return { index, leaf: leafOf({ address, version: 0, note, flag: 'genesis', logIndex: index.logIndex }) };
    },
    leafOf,
    get isOpen() {
      return sequencer !== null && !sequencer.isClosed;
    },
    wake: () => sequencer?.wake(),
    prove: (wanted, known) => worker.ask('prove', { wanted, known }),
    async stop() {
      await stopTrying();
      await sequencer?.stop();
      await worker.stop();
    },
  };
}

const tryAgainEveryMs = 30_000;

/** Until it succeeds: that is for the work itself to see. @returns a function that ends it */
function trying(
  work: () => Promise<void>,
  { died, everyMs }: Pick<KeyLogOptions, 'died' | 'everyMs'>,
): () => Promise<void> {
  let running = Promise.resolve();
  const timer = setInterval(
    () => {
      running = running.then(work).catch((error: unknown) => {
        died(`the key log: ${error instanceof Error ? error.message : 'not an Error'}`);
      });
    },
    Math.min(tryAgainEveryMs, everyMs * 30),
  ).unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}

/** The entry of a statement that is about to be accepted, with a fresh opening. */
export function leafOf({ address, version, note, flag, logIndex }: AcceptedStatement): NewLeaf {
  const opening = new Uint8Array(randomBytes(openingBytes));
  const commitment = commit({ opening, label: address, version, note: Buffer.from(note, 'utf8') });
  return { opening, leaf: encodeLeaf({ flag, index: logIndex, commitment }) };
}

/** A log has one origin for its life: another domain, or other keys, are another log. */
async function requireOrigin(store: Store, identities: LogIdentities): Promise<void> {
  const { keys } = await readHeads(store.db);
  if (keys.signed === null) return;
  const { origin } = parseCheckpoint(parseNote(Buffer.from(keys.signed.note, 'utf8')).text);
  if (origin === identities.keys.origin) return;
  throw new ServerError(
    'config_malformed',
    `the key log here is ${origin}; with this domain and these keys it would be another`,
  );
}
