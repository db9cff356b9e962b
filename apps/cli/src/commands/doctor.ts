import { createHash } from 'node:crypto';
import { createReadStream, realpathSync } from 'node:fs';
import nodeModule from 'node:module';
import { availableParallelism } from 'node:os';
import { pipeline } from 'node:stream/promises';
import { openHost } from '@latchkey/host-node';
import { CliError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { runSelfTests, type SelfTestResult } from '../self-test/self-test.ts';
import { isKeyLogSound, keyLogFacts, keyLogFindings, keyLogText, type KeyLogFindings } from './key-log-findings.ts';
import { version } from '../version.ts';

interface Findings {
  readonly latchkey: string;
  readonly node: { readonly version: string; readonly path: string; readonly sha256: string; readonly openssl: string };
  readonly platform: string;
  readonly cores: number;
  readonly engine: { readonly name: string; readonly why: string; readonly sources: Readonly<Record<string, string>> };
  readonly selfTests: readonly SelfTestResult[];
  /** Null where nothing is kept between starts. */
  readonly compileCache: string | null;
  /** Null where there is no account on this machine, or a locked one. */
  readonly keyLog: KeyLogFindings | null;
}

/** Look → test → tell; the exit code says whether all is well. */
export async function doctor({ report }: Invocation): Promise<void> {
  const host = await openHost();
  let findings: Findings;
  try {
    const path = realpathSync(process.execPath);
    findings = {
      latchkey: version(),
      node: {
        version: process.versions.node,
        path,
        sha256: await sha256OfFile(path),
        openssl: process.versions.openssl,
      },
      platform: `${process.platform} ${process.arch}`,
      cores: availableParallelism(),
      engine: {
        name: host.engine.name,
        why: 'the command runs in Node, whose own library is the fastest here; there is no other to fall back to',
        sources: host.engine.sources,
      },
      selfTests: await runSelfTests(host),
      compileCache: nodeModule.getCompileCacheDir() ?? null,
      keyLog: await keyLogFindings(),
    };
  } finally {
    await host.close();
  }
  const { keyLog } = findings;
  const areCiphersSound = findings.selfTests.every((result) => result.passed);
  const isLogSound = keyLog === null || isKeyLogSound(keyLog);
  const healthy = areCiphersSound && isLogSound;
  const facts = { ...findings, keyLog: keyLog === null ? null : keyLogFacts(keyLog) };
  report.answer({ facts: { command: 'doctor', healthy, ...facts }, text: formatFindings(findings) });
  if (!areCiphersSound) {
    throw new CliError('self_test_failed', 'unfit', {
      message: 'A self-test failed',
      advice: 'Do not seal anything here; report what stands above',
    });
  }
  if (!isLogSound) {
    throw new CliError('key_log_doubtful', 'distrust', {
      message: 'The key log does not hold, or did not at some time',
      advice: "See what was kept with 'latchkey keys evidence', and ask the operator in another way",
    });
  }
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1_048_576 }), hash);
  return hash.digest('hex');
}

function formatFindings(findings: Findings): string {
  const { node, engine, selfTests, keyLog } = findings;
  const width = Math.max(...Object.keys(engine.sources).map((name) => name.length)) + 2;
  return [
    `latchkey ${findings.latchkey} on ${findings.platform}, ${findings.cores} cores`,
    '',
    `Node ${node.version}`,
    `  ${node.path}`,
    `  SHA-256 ${node.sha256}`,
    `  compile cache ${findings.compileCache ?? 'off'}`,
    '',
    `Engine ${engine.name}: ${engine.why}`,
    ...Object.entries(engine.sources).map(([operation, source]) => `  ${operation.padEnd(width)}${source}`),
    '',
    'Self-tests',
    ...selfTests.map(
      ({ test, passed, failure }) =>
        `  ${passed ? 'ok    ' : 'FAILED'} ${test}${failure === undefined ? '' : ` (${failure})`}`,
    ),
    '',
    ...(keyLog === null ? [] : [...keyLogText(keyLog), '']),
  ].join('\n');
}
