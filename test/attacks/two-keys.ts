/**
 * One payload that opens under two keys to two texts: ChaCha20-Poly1305 commits to no key. The tag is linear in each
 * block, so one free block is enough to make both tags the same.
 */
import { createCipheriv } from 'node:crypto';
import { payloadKeyOf } from '../../packages/crypto/src/index.ts';
import { newItemKey } from '../../packages/sdk/src/message/item-key.ts';
import type { ItemKey } from '../../packages/sdk/src/message/index.ts';
import { engine } from './people.ts';

const PRIME = 2n ** 130n - 5n;
const BLOCK = 16;
const SIZE = 4_096;
/** Of the chunk that is the first and the last. */
const NONCE = Buffer.from('000000000000000000000001', 'hex');

export interface TwoKeyed {
  /** Nonce, one chunk, tag. */
  readonly payload: Uint8Array<ArrayBuffer>;
  readonly sizeBytes: number;
  readonly first: ItemKey;
  readonly second: ItemKey;
}

/** The payload opens under the first key to a text that begins with `one`, under the second with `other` in it. */
export async function twoKeyed(one: string, other: string): Promise<TwoKeyed> {
  const first = await newItemKey(engine);
  const second = { ...(await newItemKey(engine)), nonce: first.nonce };
  const keys = [await streamOf(first), await streamOf(second)] as const;
  const [mine, theirs] = keys;
  const half = SIZE / 2;
  const bytes = Buffer.alloc(SIZE);
  xor(Buffer.from(one.padEnd(half)), mine.stream).copy(bytes);
  xor(Buffer.from(other.padEnd(half)), theirs.stream.subarray(half)).copy(bytes, half);
  for (let attempt = 0; attempt < 500; attempt += 1) {
    Buffer.from(engine.randomBytes(BLOCK)).copy(bytes, SIZE - 2 * BLOCK);
    bytes.fill(0, SIZE - BLOCK);
    const [a, b] = [mine.sum(bytes), theirs.sum(bytes)];
    // The last block counts with the square of the key: a + x·r² + s = b + x·r'² + s'.
    const difference = modulo(mine.r ** 2n - theirs.r ** 2n);
    const x = modulo((b + theirs.s - a - mine.s) * inverse(difference));
    if (x >> 128n !== 0n) continue;
    littleEndian(x).copy(bytes, SIZE - BLOCK);
    const [tag, otherTag] = keys.map((key) => littleEndian((key.sum(bytes) + key.s) % 2n ** 128n)) as [Buffer, Buffer];
    if (!tag.equals(otherTag)) continue;
    return { payload: Uint8Array.from(Buffer.concat([first.nonce, bytes, tag])), sizeBytes: SIZE, first, second };
  }
  throw new Error('no block fits');
}

interface Stream {
  /** That the text is combined with. */
  readonly stream: Buffer;
  readonly r: bigint;
  readonly s: bigint;
  /** Poly1305 before `s` is added (RFC 8439, section 2.5). */
  sum(bytes: Buffer): bigint;
}

async function streamOf({ fileKey, nonce }: ItemKey): Promise<Stream> {
  const payloadKey = await payloadKeyOf(engine, fileKey, nonce);
  const cipher = createCipheriv('chacha20', payloadKey, Buffer.concat([Buffer.alloc(4), NONCE]));
  const blocks = cipher.update(Buffer.alloc(64 + SIZE));
  const r = number(blocks.subarray(0, 16)) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  return {
    stream: blocks.subarray(64),
    r,
    s: number(blocks.subarray(16, 32)),
    sum(bytes) {
      const lengths = Buffer.alloc(BLOCK);
      lengths.writeBigUInt64LE(BigInt(bytes.length), 8);
      let sum = 0n;
      for (let at = 0; at <= bytes.length; at += BLOCK) {
        const block = at === bytes.length ? lengths : bytes.subarray(at, at + BLOCK);
        sum = ((sum + number(block) + 2n ** 128n) * r) % PRIME;
      }
      return sum;
    },
  };
}

function xor(text: Buffer, stream: Buffer): Buffer {
  return Buffer.from(text.map((byte, at) => byte ^ (stream[at] ?? 0)));
}

function number(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes.toReversed()).toString('hex')}`);
}

function littleEndian(value: bigint): Buffer {
  return Buffer.from(Buffer.from(value.toString(16).padStart(32, '0'), 'hex').toReversed());
}

function modulo(value: bigint): bigint {
  return ((value % PRIME) + PRIME) % PRIME;
}

/** Fermat: the power of the prime less two. */
function inverse(value: bigint): bigint {
  let [result, base] = [1n, value];
  for (let power = PRIME - 2n; power > 0n; power >>= 1n) {
    if ((power & 1n) === 1n) result = (result * base) % PRIME;
    base = (base * base) % PRIME;
  }
  return result;
}
