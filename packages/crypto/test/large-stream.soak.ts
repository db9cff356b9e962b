/**
 * A payload far larger than memory, sealed and opened by the plain chunk cipher in one pipe:
 * the bytes come back, and memory stays flat. 10 GiB in a full run.
 */
import assert from 'node:assert/strict';
import { soakShare, tellSoak } from '@latchkey/testkit';
import { generateIdentity, open, recipientOf, seal } from '../src/index.ts';
import { nodeEngine } from '../src/engine-node/node-engine.ts';
import { patternBytes } from './streams.ts';

const MIB = 1024 * 1024;
/** Of a process that seals and opens at the same time. */
const MOST_RSS_BYTES = 256 * MIB;
/** How much more the rest of the stream may take than its first eighth. */
const MOST_GROWTH_BYTES = 32 * MIB;
const PIECE = patternBytes(MIB);
const FULL_GIB = 10;
/** At least a gigabyte: in less, the first eighth is over before memory has found its size. */
const pieceCount = Math.max(1024, Math.round(FULL_GIB * 1024 * soakShare()));

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
tellSoak({
  name: 'large stream',
  mib: pieceCount,
  fullMib: FULL_GIB * 1024,
  peakMemoryMib: Math.round(peakRssBytes / MIB),
  growthMib: Math.round((peakRssBytes - earlyPeakRssBytes) / MIB),
});
assert.ok(peakRssBytes < MOST_RSS_BYTES);
assert.ok(peakRssBytes - earlyPeakRssBytes < MOST_GROWTH_BYTES);
