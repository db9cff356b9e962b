/**
 * Writes vectors/spaces: `node packages/sdk/test/spaces/generate.ts`. Built from docs/spec/07-spaces.md with node:crypto
 * alone, not with the code under test; the same bytes on every run.
 */
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const SPACE_VECTORS_FOLDER: string = join(import.meta.dirname, '../../../../vectors/spaces');

export interface LogCase {
  readonly id: string;
  /** The change that is added; null for the empty log. */
  readonly change: { record: string; version: number; epoch: number; hash: string } | null;
  readonly leaf: string | null;
  /** Of the log with this change and all before it. */
  readonly root: string;
}

export interface HeadCase {
  readonly id: string;
  readonly secrets: readonly { epoch: number; secret: string }[];
  readonly space: string;
  readonly encoded: string;
  /** Null where the bytes are no head of this space and keyring. */
  readonly head: { device: string; size: number; root: string; counter: number; hour: number } | null;
}

export interface NameCase {
  readonly id: string;
  readonly firstEpochSecret: string;
  readonly space: string;
  readonly label: string;
  readonly bytes: string;
  readonly name: string;
}

export interface SpaceVectors<Case> {
  readonly kind: string;
  readonly about: string;
  readonly cases: readonly Case[];
}

const sha256 = (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const numbered = (name: string, lengthBytes: number): Buffer => sha256(Buffer.from(name)).subarray(0, lengthBytes);
const big = (value: number, lengthBytes: number): Buffer =>
  Buffer.from(
    BigInt(value)
      .toString(16)
      .padStart(lengthBytes * 2, '0'),
    'hex',
  );
const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

/** RFC 6962, section 2.1. */
function rootOf(leaves: readonly Uint8Array[]): Buffer {
  const [first] = leaves;
  if (first === undefined) return sha256();
  if (leaves.length === 1) return sha256(Uint8Array.of(0), first);
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return sha256(Uint8Array.of(1), rootOf(leaves.slice(0, half)), rootOf(leaves.slice(half)));
}

function changeLog(): SpaceVectors<LogCase> {
  const leaves: Buffer[] = [];
  const cases: LogCase[] = [{ id: 'empty', change: null, leaf: null, root: rootOf([]).toString('hex') }];
  for (let index = 1; index <= 13; index += 1) {
    const record = numbered(`record ${index % 4}`, 16);
    const [version, epoch] = [index === 13 ? 2 ** 40 : Math.ceil(index / 4), index > 9 ? 0xffff_ffff : 1];
    const hash = numbered(`sealed ${index}`, 32);
    const leaf = sha256(ascii('latchkey/v1/change\0'), record, big(version, 8), big(epoch, 4), hash);
    leaves.push(leaf);
    const change = { record: record.toString('hex'), version, epoch, hash: hash.toString('hex') };
    cases.push({ id: `size ${index}`, change, leaf: leaf.toString('hex'), root: rootOf(leaves).toString('hex') });
  }
  return { kind: 'change-log', about: 'one change after the other, with its leaf and the root of the log', cases };
}

interface HeadParts {
  readonly format: number;
  readonly epoch: number;
  readonly space: Buffer;
  readonly size: Buffer;
  readonly counter: Buffer;
}

const space = numbered('space', 16);
const secrets = [3, 4].map((epoch) => ({ epoch, secret: numbered(`secret ${epoch}`, 32) }));
const [device, root, hour] = [numbered('device', 16), numbered('root', 32), 498_000];

function encodedHead(change: Partial<HeadParts>, macSpace = space): Buffer {
  const parts = { format: 1, epoch: 4, space, size: big(70_000, 8), counter: big(12, 8), ...change };
  const signed = Buffer.concat([
    big(parts.format, 1),
    big(parts.epoch, 4),
    parts.space,
    parts.size,
    root,
    device,
    parts.counter,
    big(hour, 4),
  ]);
  const secret = secrets.find((each) => each.epoch === parts.epoch)?.secret ?? numbered('nobody knows it', 32);
  const key = Buffer.from(hkdfSync('sha256', secret, macSpace, 'latchkey/v1/head', 32));
  return Buffer.concat([signed, createHmac('sha256', key).update(signed).digest()]);
}

function heads(): SpaceVectors<HeadCase> {
  const right = encodedHead({});
  const fields = { device: device.toString('hex'), size: 70_000, root: root.toString('hex'), counter: 12, hour };
  const largest = big(Number.MAX_SAFE_INTEGER, 8);
  const beyond = big(2 ** 53, 8);
  const all: readonly (readonly [string, Buffer, HeadCase['head']])[] = [
    ['a head', right, fields],
    ['of an older epoch', encodedHead({ epoch: 3 }), fields],
    [
      'the largest numbers',
      encodedHead({ size: largest, counter: largest }),
      { ...fields, size: Number.MAX_SAFE_INTEGER, counter: Number.MAX_SAFE_INTEGER },
    ],
    ['another format', encodedHead({ format: 2 }), null],
    ['an unknown epoch', encodedHead({ epoch: 5 }), null],
    ['another space', encodedHead({ space: numbered('other space', 16) }), null],
    [
      'another space, keyed for it',
      encodedHead({ space: numbered('other space', 16) }, numbered('other space', 16)),
      null,
    ],
    ['a size that JSON cannot carry', encodedHead({ size: beyond }), null],
    ['a counter that JSON cannot carry', encodedHead({ counter: beyond }), null],
    ['a wrong MAC', Buffer.from(right.with(120, right[120]! ^ 1)), null],
    ['another root under the same MAC', Buffer.from(right.with(40, right[40]! ^ 1)), null],
    ['a byte too many', Buffer.concat([right, Uint8Array.of(0)]), null],
    ['a byte too few', right.subarray(0, 120), null],
    ['nothing', Buffer.alloc(0), null],
  ];
  const keyring = secrets.map(({ epoch, secret }) => ({ epoch, secret: secret.toString('hex') }));
  const cases = all.map(([id, encoded, head]) => ({
    id,
    secrets: keyring,
    space: space.toString('hex'),
    encoded: encoded.toString('hex'),
    head,
  }));
  return {
    kind: 'heads',
    about: 'heads as bytes and what stands in them; null where they are no head of this space',
    cases,
  };
}

function names(): SpaceVectors<NameCase> {
  const secret = numbered('secret 3', 32);
  const key = Buffer.from(hkdfSync('sha256', secret, space, 'latchkey/v1/name', 32));
  const cases = [
    ['pin', Buffer.from('bob@example.org')],
    ['pi', Buffer.from('nbob@example.org')],
    ['device', numbered('device', 16)],
    ['identity', Buffer.alloc(0)],
  ] as const;
  return {
    kind: 'names',
    about: 'record ids that two devices give the same thing',
    cases: cases.map(([label, bytes]) => ({
      id: `${label} of ${bytes.length} bytes`,
      firstEpochSecret: secret.toString('hex'),
      space: space.toString('hex'),
      label,
      bytes: bytes.toString('hex'),
      name: createHmac('sha256', key)
        .update(Buffer.concat([big(label.length, 1), ascii(label), bytes]))
        .digest()
        .subarray(0, 16)
        .toString('hex'),
    })),
  };
}

export function allSpaceVectors(): readonly SpaceVectors<unknown>[] {
  return [changeLog(), heads(), names()];
}

export function vectorsText(vectors: SpaceVectors<unknown>): string {
  return `${JSON.stringify(vectors, null, 2)}\n`;
}

if (import.meta.main) {
  mkdirSync(SPACE_VECTORS_FOLDER, { recursive: true });
  for (const vectors of allSpaceVectors()) {
    writeFileSync(join(SPACE_VECTORS_FOLDER, `${vectors.kind}.json`), vectorsText(vectors));
  }
}
