import { join } from 'node:path';
import { LEAF_BYTES, MAX_INDEX_LEAF_BYTES } from '@latchkey/key-directory';
import { parseTilePath, TlogError } from '@latchkey/tlog';
import type { Admit } from '../cosigner.ts';
import { WitnessError } from '../errors.ts';
import { answerBytes, answerLater, answerText, type Answer } from '../http/answer.ts';
import { platformVerifier } from '../keys/platform-verifier.ts';
import type { ListedLog } from '../logs/parse-log-list.ts';
import { openService, type MoreToGet, type Service, type ServiceOptions } from '../service.ts';
import { originHash } from '../state/head-store.ts';
import { DirectoryAuditor, type AuditOutcome, type SignedHead } from './directory-auditor.ts';
import { EntryFile } from './entry-file.ts';
import { LogSource } from './log-source.ts';
import { MirroredLog } from './mirrored-log.ts';
import { OneAtATime } from './one-at-a-time.ts';

/** Less than a log waits (8 s for ours): how long an answer takes at most while its entries are fetched and replayed. */
const answerWithinMs = 6_000;

export interface Audit {
  readonly service: Service;
  /** How many directories are audited. */
  readonly auditors: number;
  /** Fetches and judges the present heads. @returns whether all could be reached and replayed */
  readonly poll: () => Promise<boolean>;
  /** The entries of both logs, as the logs serve them: `/<hash of the origin>/tile/entries/…` */
  readonly more: MoreToGet;
}

interface Pair {
  readonly keys: ListedLog & { readonly url: string };
  readonly index: ListedLog & { readonly url: string };
}

/** @throws WitnessError as `openService`; `logs_malformed` where the list has anything but directories with their URLs */
export async function openAudit(options: Omit<ServiceOptions, 'admit'>): Promise<Audit> {
  const admits = new Map<string, Admit>();
  const service = openService({
    ...options,
    admit: (head) => admits.get(head.checkpoint.origin)?.(head) ?? Promise.resolve(answerText(404, 'not audited\n')),
  });
  try {
    const mirrored = new Map<string, MirroredLog>();
    const directories = pairsOf(service.logs);
    for (const { keys, index } of directories) {
      const both = {
        keys: await openLog(service, keys, { maxEntryBytes: LEAF_BYTES, together: 8 }),
        index: await openLog(service, index, { maxEntryBytes: MAX_INDEX_LEAF_BYTES, together: 1 }),
      };
      const origins = [keys.origin, index.origin];
      const auditor = new DirectoryAuditor({
        ...both,
        keysVerifiers: keys.keys.map(platformVerifier),
        caught: service.evidence.hasAgainst(origins),
        found: service.found,
      });
      await replayOwn(service, auditor, both);
      const admit = admitBy(auditor, { service, origins });
      for (const log of [both.keys, both.index]) {
        admits.set(log.origin, admit);
        mirrored.set(originHash(log.origin), log);
      }
    }
    return {
      service,
      auditors: directories.length,
      poll: () => pollAll(service, [...mirrored.values()]),
      more: (path) => entriesAt(mirrored, path),
    };
  } catch (error) {
    service.close();
    throw error;
  }
}

/** What was cosigned has to come out again; then it goes on from there. @throws WitnessError `state_damaged` */
async function replayOwn(
  { cosigner, folder }: Service,
  auditor: DirectoryAuditor,
  { keys, index }: { readonly keys: MirroredLog; readonly index: MirroredLog },
): Promise<void> {
  for (const log of [keys, index]) {
    const head = cosigner.heads().find(({ origin }) => origin === log.origin)?.head ?? null;
    if (head === null || auditor.caught) continue;
    const isThere = log.size >= head.checkpoint.size;
    if (isThere && (await auditor.upToOwn(head)) === 'replayed') continue;
    throw new WitnessError('state_damaged', `the entries in ${folder} are not those of the head that was cosigned`);
  }
}

function admitBy(
  auditor: DirectoryAuditor,
  { service, origins }: { readonly service: Service; readonly origins: readonly string[] },
): Admit {
  const line = new OneAtATime();
  return async (head: SignedHead) => {
    if (service.evidence.hasAgainst(origins)) return answerFor('caught');
    const outcome = await line.run(async () => {
      try {
        return await auditor.upTo(head);
      } catch (error) {
        if (!(error instanceof WitnessError)) throw error;
        service.tell(`not reached: ${error.message} [${error.code}]`);
        return 'unreachable' as const;
      }
    }, answerWithinMs);
    return answerFor(outcome);
  };
}

/** @param outcome null: not done in time */
function answerFor(outcome: AuditOutcome | 'unreachable' | null): Answer | null {
  if (outcome === null) return answerLater('the entries are still being replayed', 30);
  const answers: Readonly<Record<Exclude<typeof outcome, null>, Answer | null>> = {
    replayed: null,
    caught: answerText(422, 'this directory has signed what its entries do not give; there is evidence\n'),
    served_wrong: answerText(422, 'the entries that are served are not those of this head\n'),
    unreachable: answerLater('the entries of this head could not be fetched', 10),
  };
  return answers[outcome];
}

async function pollAll(service: Service, logs: readonly MirroredLog[]): Promise<boolean> {
  let isWell = true;
  for (const log of logs) {
    try {
      const answer = await service.cosigner.offer(await log.checkpoint());
      if (answer !== null && answer.status !== 200) isWell = false;
    } catch (error) {
      if (!(error instanceof WitnessError)) throw error;
      service.tell(`not reached: ${error.message} [${error.code}]`);
      isWell = false;
    }
  }
  return isWell;
}

async function openLog(
  { folder }: Service,
  { origin, url }: Pair['keys'],
  { maxEntryBytes, together }: { readonly maxEntryBytes: number; readonly together: number },
): Promise<MirroredLog> {
  const entries = await EntryFile.open(join(folder, 'entries', originHash(origin)));
  return new MirroredLog({ origin, entries, source: new LogSource(url, maxEntryBytes), together });
}

function entriesAt(logs: ReadonlyMap<string, MirroredLog>, path: string): Answer | null {
  const [, hash = '', rest = ''] = /^\/([0-9a-f]{64})\/(tile\/entries\/.*)$/.exec(path) ?? [];
  const log = logs.get(hash);
  if (log === undefined) return null;
  try {
    const { index, width } = parseTilePath(rest);
    const bundle = log.entries.readBundle(index, width);
    return bundle === null ? null : answerBytes(bundle);
  } catch (error) {
    if (error instanceof TlogError) return null;
    throw error;
  }
}

/** `<domain>/latchkey/keys/<x>` and `<domain>/latchkey/index/<x>` are one directory. @throws WitnessError `logs_malformed` */
function pairsOf(logs: readonly ListedLog[]): readonly Pair[] {
  const wrong = (why: string): WitnessError => new WitnessError('logs_malformed', `the auditor's list of logs: ${why}`);
  const withUrl = logs.map((log) => {
    const { url } = log;
    if (url === null) throw wrong(`${log.origin} has no URL`);
    return { ...log, url };
  });
  const pairs = withUrl
    .filter(({ origin }) => origin.includes('/latchkey/index/'))
    .map((index) => {
      const keys = withUrl.find(({ origin }) => origin === index.origin.replace('/latchkey/index/', '/latchkey/keys/'));
      if (keys === undefined) throw wrong(`${index.origin} is there without its key log`);
      return { keys, index };
    });
  if (pairs.length * 2 !== logs.length) throw wrong('a log is there that belongs to no directory');
  if (pairs.length === 0) throw wrong('it is empty');
  return pairs;
}
