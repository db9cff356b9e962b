import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ClockGuard } from './clock-guard.ts';
import { Cosigner, type Admit } from './cosigner.ts';
import { WitnessError } from './errors.ts';
import { EvidenceFolder, type Evidence } from './evidence/evidence-folder.ts';
import { answerText, type Answer } from './http/answer.ts';
import { createHttpServer } from './http/create-http-server.ts';
import { headsFolder, openCosignerKey, roleFolder, verifierKeys, type Role } from './keys/cosigner-key.ts';
import { platformVerifier } from './keys/platform-verifier.ts';
import { parseLogList, type ListedLog } from './logs/parse-log-list.ts';
import { HeadStore } from './state/head-store.ts';
import { holdLock } from './state/hold-lock.ts';
import type { AtWriteStep } from './state/write-whole.ts';

/** A role at work over its folder: it holds the lock, the key and the heads. */
export interface Service {
  readonly name: string;
  readonly keys: readonly string[];
  readonly logs: readonly ListedLog[];
  readonly cosigner: Cosigner;
  readonly evidence: EvidenceFolder;
  readonly folder: string;
  readonly tell: (line: string) => void;
  readonly found: (evidence: Evidence) => Promise<void>;
  readonly close: () => void;
}

export interface ServiceOptions {
  readonly dataDir: string;
  readonly role: Role;
  /** null: `logs` in the data folder. */
  readonly logsFile: string | null;
  readonly admit?: Admit;
  readonly nowSeconds?: () => number;
  /** Tests stop the process in the middle of a write. */
  readonly atWriteStep?: AtWriteStep;
  readonly tell?: (line: string) => void;
}

export function logListFile(dataDir: string, given: string | null): string {
  return given ?? join(dataDir, 'logs');
}

/** @throws WitnessError `logs_malformed` */
export function readLogList(file: string): readonly ListedLog[] {
  try {
    return parseLogList(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof WitnessError) throw error;
    throw new WitnessError('logs_malformed', `the list of logs cannot be read: ${file}`, { cause: error });
  }
}

/** @throws WitnessError `key_missing`, `key_malformed`, `state_missing`, `state_damaged`, `state_in_use`, `logs_malformed` */
export function openService(options: ServiceOptions): Service {
  const { dataDir, role, atWriteStep, nowSeconds = () => Math.floor(Date.now() / 1_000) } = options;
  const tell = options.tell ?? ((line: string) => process.stdout.write(`${new Date().toISOString()} ${line}\n`));
  const key = openCosignerKey(dataDir, role);
  const store = new HeadStore(headsFolder(dataDir, role), atWriteStep);
  const folder = roleFolder(dataDir, role);
  const lock = holdLock(join(folder, 'lock'));
  if (lock === null) throw new WitnessError('state_in_use', `another process works over ${folder}`);
  try {
    const logs = readLogList(logListFile(dataDir, options.logsFile));
    const lastSeconds = Math.max(0, ...store.readAll().map(({ timeSeconds }) => timeSeconds));
    const evidence = new EvidenceFolder(join(folder, 'evidence'));
    const found = async (item: Evidence): Promise<void> => {
      const file = await evidence.write(item);
      tell(`EVIDENCE ${item.kind} ${item.origin} ${file ?? '(the folder of evidence is full)'}`);
    };
    const cosigner = new Cosigner({
      logs: logs.map(({ origin, keys }) => ({ origin, verifiers: keys.map(platformVerifier) })),
      signers: key.signers,
      store,
      clock: new ClockGuard(nowSeconds, lastSeconds),
      found,
      tell,
      ...(options.admit === undefined ? {} : { admit: options.admit }),
    });
    return {
      name: key.name,
      keys: verifierKeys(key),
      logs,
      cosigner,
      evidence,
      folder,
      tell,
      found,
      close: () => lock.release(),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** What is served beside the published protocol; null where nothing is under the path. */
export type MoreToGet = (path: string) => Answer | null;

export function serve({ cosigner, name, keys, tell }: Service, more: MoreToGet = () => null): Server {
  return createHttpServer({
    addCheckpoint: (body) => cosigner.addCheckpoint(body),
    async get(path) {
      if (path === '/') return answerText(200, frontPage(name, keys, cosigner));
      const newest = await cosigner.newest(path.slice(1));
      return newest === null ? more(path) : answerText(200, newest);
    },
    failed(error) {
      tell(`failed: ${error instanceof Error ? `${error.name}: ${error.message}` : 'unknown'}`);
    },
  });
}

function frontPage(name: string, keys: readonly string[], cosigner: Cosigner): string {
  const logs = cosigner.heads().map(({ origin, head }) => `log ${origin} ${head?.checkpoint.size ?? 'not seen yet'}`);
  return `${name}\nA cosigner of transparency logs (c2sp.org/tlog-witness).\n\n${[...keys, '', ...logs].join('\n')}\n`;
}

/** @returns the port. @throws WitnessError `port_taken` */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new WitnessError('port_taken', `cannot listen on ${host}:${port} (${error.code ?? 'unknown'})`));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
