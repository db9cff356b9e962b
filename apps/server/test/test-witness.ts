/** A witness of C2SP tlog-witness over memory that remembers every head it was ever shown. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import {
  cosign,
  decideAddCheckpoint,
  ed25519CosignatureType,
  formatCosignatures,
  formatSizeAnswer,
  formatVerifierKey,
  mldsa44CosignatureType,
  noteVerifier,
  parseAddCheckpoint,
  SIZE_CONTENT_TYPE,
  verifierKey,
  type NoteSigner,
  type VerifierKey,
  type WitnessHead,
} from '@latchkey/tlog';
import { verifySignature } from '../src/key-log/cosigner.ts';
import { platformKey } from '../src/signing/platform-key.ts';

export interface TestWitness {
  readonly url: string;
  /** Ed25519 and ML-DSA-44. */
  readonly keys: readonly string[];
  /** Root hashes (base64) that the log has signed, by origin and size. One each, or the log has forked. */
  readonly seen: Map<string, Set<string>>;
  /** The newest head of each log. */
  readonly heads: Map<string, WitnessHead>;
  requests: number;
  /** `silent`: takes the request and never answers. `wrong`: signs something else. */
  mood: 'good' | 'away' | 'silent' | 'wrong';
  stop(): Promise<void>;
}

export async function startTestWitness(
  name: string,
  logKeys: () => readonly VerifierKey[],
  nowMs: () => number = Date.now,
): Promise<TestWitness> {
  const signers = [signer(name, 'ed25519'), signer(name, 'ml-dsa-44')];
  const server = createServer();
  const witness: TestWitness = {
    url: await listening(server),
    keys: signers.map(({ key }) => formatVerifierKey(key)),
    seen: new Map(),
    heads: new Map(),
    requests: 0,
    mood: 'good',
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  async function respond(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { status, body, type } = await answer(witness, { signers, logKeys, nowMs, body: await bodyOf(incoming) });
    if (status !== null) outgoing.writeHead(status, { 'content-type': type }).end(body);
  }
  let turn = Promise.resolve();
  server.on('request', (incoming, outgoing) => {
    const before = turn;
    turn = (async () => {
      await before;
      await respond(incoming, outgoing);
    })();
  });
  return witness;
}

async function answer(
  witness: TestWitness,
  ask: {
    readonly signers: readonly NoteSigner[];
    readonly logKeys: () => readonly VerifierKey[];
    readonly nowMs: () => number;
    readonly body: Buffer;
  },
): Promise<{ status: number | null; body: string | Uint8Array; type: string }> {
  witness.requests += 1;
  const type = 'text/plain';
  if (witness.mood === 'away') return { status: 503, body: '', type };
  if (witness.mood === 'silent') return { status: null, body: '', type };
  const request = parseAddCheckpoint(ask.body);
  const { origin, size, rootHash } = request.head;
  const verifiers = ask
    .logKeys()
    .filter(({ name }) => name === origin)
    .map((key) => noteVerifier(key, verifySignature));
  const known = { verifiers, need: 'all', head: witness.heads.get(origin) ?? null } as const;
  const decision = await decideAddCheckpoint(request, known);
  if (decision.status !== 403 && decision.status !== 404) {
    const place = `${origin} ${size}`;
    witness.seen.set(place, (witness.seen.get(place) ?? new Set()).add(Buffer.from(rootHash).toString('base64')));
  }
  if (decision.outcome === 'conflict') {
    return { status: 409, body: formatSizeAnswer(decision.size), type: SIZE_CONTENT_TYPE };
  }
  if (decision.outcome !== 'cosign') return { status: decision.status, body: '', type };
  witness.heads.set(origin, decision.head);
  const note =
    witness.mood === 'wrong'
      ? { ...request.note, text: request.note.text.replace(/\n[0-9]+\n/, '\n7\n') }
      : request.note;
  const timeSeconds = Math.floor(ask.nowMs() / 1_000);
  const lines = await Promise.all(ask.signers.map((each) => cosign(note, each, timeSeconds)));
  return { status: 200, body: formatCosignatures(lines), type };
}

function signer(name: string, algorithm: 'ed25519' | 'ml-dsa-44'): NoteSigner {
  const { publicKey, sign } = platformKey(algorithm, randomBytes(32));
  const type = algorithm === 'ed25519' ? ed25519CosignatureType : mldsa44CosignatureType;
  return { key: verifierKey(name, type, publicKey), sign };
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
