/** The form of a test vector (C2SP CCTV, "age", "Test file format"). */
import { hex } from '@scure/base';
import type { Awaitable } from '../engine/engine.ts';
import { asciiBytes, textOfBytes } from './bytes.ts';
import { type Identity, parseIdentity } from './identity.ts';

const OUTCOMES = ['success', 'no match', 'HMAC failure', 'header failure', 'payload failure', 'armor failure'] as const;
export type VectorOutcome = (typeof OUTCOMES)[number];

export interface AgeVector {
  readonly expect: VectorOutcome;
  /** SHA-256 in hexadecimal of everything that may be given out. */
  readonly payloadHash: string | null;
  readonly fileKey: Uint8Array;
  readonly identities: readonly Identity[];
  readonly armored: boolean;
  readonly file: Uint8Array;
}

/** Throws a plain Error where the vector itself is malformed: that is a fault of the corpus. */
export async function parseAgeVector(
  bytes: Uint8Array,
  inflate: (bytes: Uint8Array) => Awaitable<Uint8Array>,
): Promise<AgeVector> {
  const headEnd = bytes.findIndex((byte, i) => byte === 0x0a && bytes[i + 1] === 0x0a);
  const fields = textOfBytes(bytes.subarray(0, headEnd)).split('\n').map(parseField);
  const valueOf = (key: string): string | null => fields.find((field) => field.key === key)?.value ?? null;
  const expect = OUTCOMES.find((outcome) => outcome === valueOf('expect'));
  if (expect === undefined) throw new Error('the vector expects nothing that is known');
  const file = bytes.subarray(headEnd + 2);
  return {
    expect,
    payloadHash: valueOf('payload'),
    fileKey: hex.decode(valueOf('file key') ?? ''),
    identities: fields.flatMap(identityOf),
    armored: valueOf('armored') === 'yes',
    file: valueOf('compressed') === 'zlib' ? await inflate(file) : file,
  };
}

interface Field {
  readonly key: string;
  readonly value: string;
}

function parseField(line: string): Field {
  const colon = line.indexOf(': ');
  return { key: line.slice(0, colon), value: line.slice(colon + 2) };
}

function identityOf({ key, value }: Field): Identity[] {
  if (key === 'identity') return [parseIdentity(value)];
  return key === 'passphrase' ? [{ kind: 'scrypt', passphrase: asciiBytes(value) }] : [];
}
