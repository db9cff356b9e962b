import { join } from 'node:path';
import { KeyDirectoryError, LEAF_BYTES, MAX_INDEX_LEAF_BYTES, readIndexLeaf } from '@latchkey/key-directory';
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
    const polled: Polled[] = [];
    const directories = pairsOf(service.logs);
    for (const { keys, index } of directories) {
      const origins = [keys.origin, index.origin];
      const both = await openLogs(service, { keys, index });
      const auditor = new DirectoryAuditor({
        ...both,
        keysVerifiers: keys.keys.map(platformVerifier),
        caught: service.evidence.hasAgainst(origins),
        found: service.found,
      });
      await replayOwn(service, auditor, both);
      const line = new OneAtATime();
      const within = (withinMs: number | null): Admit => admitBy(auditor, { service, origins, line, withinMs });
      for (const log of [both.keys, both.index]) {
        admits.set(log.origin, within(answerWithinMs));
        polled.push({ log, admit: within(null) });
        mirrored.set(originHash(log.origin), log);
      }
    }
    return {
      service,
      auditors: directories.length,
      poll: () => pollAll(service, polled),
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

interface AdmitOptions {
  readonly service: Service;
  readonly origins: readonly string[];
  readonly line: OneAtATime;
  /** null: as long as it takes. */
  readonly withinMs: number | null;
}

function admitBy(auditor: DirectoryAuditor, { service, origins, line, withinMs }: AdmitOptions): Admit {
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
    }, withinMs);
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

interface Polled {
  readonly log: MirroredLog;
  readonly admit: Admit;
}

async function pollAll(service: Service, polled: readonly Polled[]): Promise<boolean> {
  let isWell = true;
  for (const { log, admit } of polled) {
    try {
      const answer = await service.cosigner.offer(await log.checkpoint(), admit);
      if (answer !== null && answer.status !== 200) isWell = false;
    } catch (error) {
      if (!(error instanceof WitnessError)) throw error;
      service.tell(`not reached: ${error.message} [${error.code}]`);
      isWell = false;
    }
  }
  return isWell;
}

/**
 * Both logs from the disk, with the entries that a verified head stood for: what a kill left over of a fetch goes. Where
 * there is evidence all stays as it is.
 *
 * @throws WitnessError `state_damaged`
 */
async function openLogs(
  { cosigner, evidence, folder }: Service,
  { keys, index }: Pair,
): Promise<{ readonly keys: MirroredLog; readonly index: MirroredLog }> {
  const open = (origin: string): Promise<EntryFile> => EntryFile.open(join(folder, 'entries', originHash(origin)));
  const sizeOf = (wanted: string): number =>
    cosigner.heads().find(({ origin }) => origin === wanted)?.head?.checkpoint.size ?? 0;
  const [keysEntries, indexEntries] = [await open(keys.origin), await open(index.origin)];
  if (!evidence.hasAgainst([keys.origin, index.origin])) {
    indexEntries.truncate(sizeOf(index.origin));
    keysEntries.truncate(Math.max(sizeOf(keys.origin), keysSizeIn(indexEntries)));
  }
  const keysSource = new LogSource(keys.url, LEAF_BYTES);
  const indexSource = new LogSource(index.url, MAX_INDEX_LEAF_BYTES);
  return {
    keys: new MirroredLog({ origin: keys.origin, entries: keysEntries, source: keysSource, together: 8 }),
    index: new MirroredLog({ origin: index.origin, entries: indexEntries, source: indexSource, together: 1 }),
  };
}

/** How far the last index leaf goes in the key log. @throws WitnessError `state_damaged` */
function keysSizeIn(index: EntryFile): number {
  try {
    const [last] = [...index.read(index.size - 1, index.size)].map((entry) => readIndexLeaf(entry));
    return last?.keys.size ?? 0;
  } catch (error) {
    if (!(error instanceof KeyDirectoryError)) throw error;
    throw new WitnessError('state_damaged', 'the entries of the index log are not as they were written');
  }
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
