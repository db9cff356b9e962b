import { limits, type RequestOf, type ResponseOf, type ROUTES } from '@latchkey/protocol/wire';
import type { Session } from '../http/call.ts';
import { canonicalOrRefused } from '../routes/canonical.ts';
import type { Services } from '../services.ts';
import { Refused } from '../store/refused.ts';
import type { Db } from '../store/sqlite.ts';
import type { AddressIndex } from '../writes/key-log.ts';
import type { ProvedLabel } from './log-state.ts';

type Request = RequestOf<typeof ROUTES.ktResolve>;
type Response = ResponseOf<typeof ROUTES.ktResolve>;
type Answer = Response['answers'][number];
type Leaf = Answer['leaves'][number];

interface Found {
  readonly account: Uint8Array | null;
  readonly takes: Answer['takes'];
  /** Null: it has to be computed. */
  readonly index: AddressIndex | null;
}

const headSoonSeconds = 1;

/** Proofs of presence or absence for each address, against one head. */
export async function resolveAddresses(services: Services, session: Session, input: Request): Promise<Response> {
  const { store, keyLog, limits: rates } = services;
  const name = Buffer.from(session.account).toString('hex');
  rates.take('resolve', name, input.wanted.length);
  const addresses = input.wanted.map(({ address }) => canonicalOrRefused(address));
  const found = await Promise.all(addresses.map((address) => find(store.db, address)));
  const absent = found.filter(({ index }) => index === null).length;
  if (absent > 0) rates.take('absent', name, absent);
  const wanted: { index: AddressIndex; logIndex: Uint8Array; fromVersion: number }[] = [];
  for (const [place, { index: known }] of found.entries()) {
    const index = known ?? (await keyLog.indexOf(addresses[place] ?? ''));
    wanted.push({ index, logIndex: index.logIndex, fromVersion: input.wanted[place]?.fromVersion ?? 0 });
  }
  const proved = await keyLog.prove(wanted, input.known);
  if (proved === null) throw new Refused('head_missing', headSoonSeconds);

  const answers: Answer[] = [];
  let sizeChars = 0;
  for (const [place, label] of proved.labels.entries()) {
    const { account = null, takes = 'unknown' } = found[place] ?? {};
    const { index, fromVersion } = wanted[place] ?? {};
    if (index === undefined) throw new Error('an answer for nobody');
    const leaves = await openedLeaves(store.db, account, { ...label, fromVersion: fromVersion ?? 0 });
    sizeChars += leaves.reduce((sum, leaf) => sum + leafChars(leaf), answerChars);
    if (answers.length > 0 && sizeChars > limits.MAX_ANSWER_BYTES) break;
    const { positions, mapProof } = label;
    answers.push({ takes, vrfProof: index.proof, positions: [...positions], mapProof, leaves });
  }
  const { indexSize: _index, keysSize: _keys, ...head } = proved.head;
  return { head: asMutable(head), answers };
}

/** About what an answer and a leaf take as JSON, notes apart. */
const answerChars = 1_500;
const hashChars = 46;

function leafChars({ inclusion, opened }: Leaf): number {
  return 200 + inclusion.length * hashChars + (opened?.note.length ?? 0);
}

async function find(db: Db, address: string): Promise<Found> {
  const row = await db
    .selectFrom('account')
    .leftJoin('address_index', 'address_index.account', 'account.id')
    .select(['id', 'state', 'used_bytes', 'quota_bytes', 'arrivals_here', 'quota_arrivals', 'log_index', 'proof'])
    .where('address', '=', address)
    .executeTakeFirst();
  if (row === undefined) return { account: null, takes: 'unknown', index: null };
  const isFull = row.used_bytes >= row.quota_bytes || row.arrivals_here >= row.quota_arrivals;
  return {
    account: row.id,
    takes: row.state !== 'open' ? 'nothing' : isFull ? 'full' : 'mail',
    index: row.log_index === null || row.proof === null ? null : { logIndex: row.log_index, proof: row.proof },
  };
}

async function openedLeaves(
  db: Db,
  account: Uint8Array | null,
  { leaves, fromVersion }: ProvedLabel & { readonly fromVersion: number },
): Promise<Leaf[]> {
  if (leaves.length === 0) return [];
  const rows =
    account === null
      ? []
      : await db
          .selectFrom('opening')
          .innerJoin('statement', (join) =>
            join.onRef('statement.account', '=', 'opening.account').onRef('statement.version', '=', 'opening.version'),
          )
          .select(['opening.version', 'opening.opening', 'statement.note'])
          .where('opening.account', '=', account)
          .where('opening.version', '>=', fromVersion)
          .execute();
  const opened = new Map(rows.map(({ version, opening, note }) => [version, { opening, note }]));
  return leaves.map(({ leaf, inclusion }, place) => ({
    leaf,
    inclusion: [...inclusion],
    opened: opened.get(fromVersion + place) ?? null,
  }));
}

function asMutable(head: {
  readonly indexCheckpoint: string;
  readonly indexLeaf: string;
  readonly indexInclusion: readonly Uint8Array[];
  readonly indexConsistency: readonly Uint8Array[];
  readonly keysConsistency: readonly Uint8Array[];
}): Response['head'] {
  return {
    ...head,
    indexInclusion: [...head.indexInclusion],
    indexConsistency: [...head.indexConsistency],
    keysConsistency: [...head.keysConsistency],
  };
}
