import {
  makeIdentity,
  openByHand,
  sealByHand,
  type ByHandHost,
  type ByteSink,
  type ByteSource,
} from '@latchkey/sdk/by-hand';
import { knownFiles, knownText } from './known-files.ts';

export interface SelfTestResult {
  readonly test: string;
  readonly passed: boolean;
  /** The error's code or name where it failed with one. */
  readonly failure?: string;
}

interface SelfTest {
  readonly name: string;
  readonly passes: () => Promise<boolean>;
}

/** Known answers of another implementation, a round trip, and refusals: what accepts everything is broken too. */
export async function runSelfTests(host: ByHandHost): Promise<readonly SelfTestResult[]> {
  const tests: SelfTest[] = [
    ...knownFiles.map(({ kind, secret, fileBase64 }) => ({
      name: `opens a known file: ${kind}`,
      passes: async () => (await openBytes(host, Buffer.from(fileBase64, 'base64'), secret)) === knownText,
    })),
    { name: 'opens what it sealed: mlkem768x25519', passes: () => roundTrip(host) },
    ...knownFiles.map(({ kind, secret, fileBase64 }) => ({
      name: `refuses a changed file: ${kind}`,
      passes: async () => refuses(host, Buffer.from(fileBase64, 'base64'), secret),
    })),
    { name: 'signs and verifies: ed25519', passes: () => signs(host, 'ed25519') },
    { name: 'signs and verifies: mldsa44', passes: () => signs(host, 'mldsa44') },
  ];
  const results: SelfTestResult[] = [];
  for (const { name, passes } of tests) {
    try {
      results.push({ test: name, passed: await passes() });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'thrown';
      results.push({ test: name, passed: false, failure: code });
    }
  }
  return results;
}

async function roundTrip(host: ByHandHost): Promise<boolean> {
  const { identity, recipient } = await makeIdentity(host);
  const { sink, written } = memorySink();
  await sealByHand(host, { source: memorySource(Buffer.from(knownText)), sink, recipients: [recipient] });
  return (await openBytes(host, written(), identity)) === knownText;
}

/** The last byte belongs to the tag of the last chunk. */
async function refuses(host: ByHandHost, file: Buffer, secret: string): Promise<boolean> {
  const at = file.length - 1;
  file[at] = (file[at] ?? 0) ^ 1;
  try {
    await openBytes(host, file, secret);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'payload_damaged';
  }
}

async function signs(host: ByHandHost, kind: 'ed25519' | 'mldsa44'): Promise<boolean> {
  const { engine } = host;
  const message = Buffer.from(knownText);
  const seed = engine.randomBytes(32);
  const key = await (kind === 'ed25519' ? engine.ed25519Key(seed) : engine.mldsa44Key(seed));
  const verify = (given: Uint8Array): boolean | Promise<boolean> =>
    kind === 'ed25519'
      ? engine.ed25519Verify(key.publicKey, message, given)
      : engine.mldsa44Verify(key.publicKey, message, given);
  const signature = await key.sign(message);
  const good = await verify(signature);
  const changed = Uint8Array.from(signature);
  changed[0] = (changed[0] ?? 0) ^ 1;
  return good && !(await verify(changed));
}

async function openBytes(host: ByHandHost, file: Buffer, secret: string): Promise<string | null> {
  const { sink, written } = memorySink();
  const isIdentity = secret.startsWith('AGE-SECRET-KEY-');
  const opened = await openByHand(host, {
    source: memorySource(file),
    sink,
    ...(isIdentity ? { identities: [secret] } : { passphrase: () => Promise.resolve(secret) }),
  });
  return opened.outcome === 'opened' ? written().toString() : null;
}

function memorySource(bytes: Uint8Array): ByteSource {
  const own = Uint8Array.from(bytes);
  return {
    sizeBytes: own.length,
    async *stream() {
      yield own.slice();
    },
    readAt: (offset, lengthBytes) => Promise.resolve(own.slice(offset, offset + lengthBytes)),
  };
}

function memorySink(): { readonly sink: ByteSink; readonly written: () => Buffer } {
  const pieces: Buffer[] = [];
  const sink: ByteSink = {
    write: (bytes) => Promise.resolve(void pieces.push(Buffer.from(bytes))),
    commit: () => Promise.resolve(),
    discard: () => Promise.resolve(),
  };
  return { sink, written: () => Buffer.concat(pieces) };
}
