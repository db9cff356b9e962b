/**
 * A payload far larger than memory, sealed and opened by the plain chunk cipher in one pipe:
 * the bytes come back, and memory stays flat. `large-stream.soak.ts [GiB]`, 10 unless told otherwise.
 */
import assert from 'node:assert/strict';
import { generateIdentity, open, recipientOf, seal } from '../src/index.ts';
import { nodeEngine } from '../src/engine-node/node-engine.ts';
import { patternBytes } from './streams.ts';

const MIB = 1024 * 1024;
/** Of a process that seals and opens at the same time. */
const MOST_RSS_BYTES = 256 * MIB;
/** How much more the rest of the stream may take than its first eighth. */
const MOST_GROWTH_BYTES = 32 * MIB;
const PIECE = patternBytes(MIB);
const pieceCount = Number(process.argv[2] ?? 10) * 1024;

async function* plaintext(): AsyncGenerator<Uint8Array, void, undefined> {
  for (let i = 0; i < pieceCount; i++) yield PIECE;
}

const identity = generateIdentity(nodeEngine);
const recipients = [await recipientOf(nodeEngine, identity)];
const source = await seal(nodeEngine, { recipients, plaintext: plaintext() });
const opened = await open(nodeEngine, { source, identities: [identity] });
assert.ok(opened);

let sizeBytes = 0;
let peakRssBytes = 0;
let earlyPeakRssBytes = 0;
for await (const bytes of opened.plaintext) {
  // A run is one piece, so each must be the pattern.
  assert.ok(Buffer.from(bytes).equals(PIECE));
  sizeBytes += bytes.length;
  peakRssBytes = Math.max(peakRssBytes, process.memoryUsage.rss());
  if (sizeBytes <= (pieceCount * MIB) / 8) earlyPeakRssBytes = peakRssBytes;
}
assert.equal(sizeBytes, pieceCount * PIECE.length);
console.log(`${pieceCount / 1024} GiB sealed and opened, at most ${Math.round(peakRssBytes / MIB)} MiB of memory`);
assert.ok(peakRssBytes < MOST_RSS_BYTES);
assert.ok(peakRssBytes - earlyPeakRssBytes < MOST_GROWTH_BYTES);
