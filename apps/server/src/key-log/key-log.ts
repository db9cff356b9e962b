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
import { startLogWorker } from './log-worker.ts';
import { countLeaves, readHeads } from './read-heads.ts';
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
  /** What `createAccount` takes besides the first statement. */
  genesisOf(address: string, note: string): Promise<{ readonly leaf: NewLeaf; readonly index: AddressIndex }>;
  /** The entry of a statement that is about to be accepted, with a fresh opening. */
  leafOf(statement: AcceptedStatement): NewLeaf;
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
  const worker = await startLogWorker({ file, domain: config.domain, secrets }, options.died);
  const indexOf = (address: string): Promise<AddressIndex> => worker.ask('indexOf', { label: address });
  try {
    await addEarlierStatements({ store, indexOf, leafOf });
  } catch (error) {
    await worker.stop();
    throw error;
  }
  const sequencer = new Sequencer({ store, worker, cosigners, ...options });
  const { policyText } = cosigners;
  return {
    identities,
    policyText,
    policyHash: createHash('sha256').update(policyText).digest(),
    indexOf,
    async genesisOf(address, note) {
      const index = await indexOf(address);
      return { index, leaf: leafOf({ address, version: 0, note, flag: 'genesis', logIndex: index.logIndex }) };
    },
    leafOf,
    wake: () => sequencer.wake(),
    prove: (wanted, known) => worker.ask('prove', { wanted, known }),
    async stop() {
      await sequencer.stop();
      await worker.stop();
    },
  };
}

function leafOf({ address, version, note, flag, logIndex }: AcceptedStatement): NewLeaf {
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
