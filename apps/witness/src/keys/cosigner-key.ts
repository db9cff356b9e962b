import { createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ed25519CosignatureType,
  formatVerifierKey,
  mldsa44CosignatureType,
  verifierKey,
  type NoteSigner,
  type SignatureType,
} from '@latchkey/tlog';
import { WitnessError } from '../errors.ts';
import { HeadStore } from '../state/head-store.ts';
import { writeWhole } from '../state/write-whole.ts';

/**
 * `witness` says that a log only grew; `auditor` says also that it holds every entry and that the index is what the
 * entries make it. One key never says both (c2sp.org/tlog-cosignature, "Additional statements").
 */
export type Role = 'witness' | 'auditor';

/** One cosigner: one name, and under it a key of each type. */
export interface CosignerKey {
  readonly name: string;
  readonly signers: readonly NoteSigner[];
}

const seedBytes = 32;
const types = [
  { type: ed25519CosignatureType, algorithm: 'ed25519', format: 'raw-private' },
  { type: mldsa44CosignatureType, algorithm: 'ml-dsa-44', format: 'raw-seed' },
] as const;

export function keyFile(dataDir: string, role: Role): string {
  return join(dataDir, `${role}.key`);
}

/** Where the role's heads are, and all else that it keeps. */
export function roleFolder(dataDir: string, role: Role): string {
  return join(dataDir, role);
}

export function headsFolder(dataDir: string, role: Role): string {
  return join(roleFolder(dataDir, role), 'heads');
}

/**
 * A new key and its empty state, once for each data folder and role.
 *
 * @throws WitnessError `key_exists`, `argument_invalid` for a name that no signature line can carry
 */
export async function createCosignerKey(dataDir: string, role: Role, name: string): Promise<CosignerKey> {
  const file = keyFile(dataDir, role);
  if (existsSync(file))
    throw new WitnessError('key_exists', `${file} is there already; a key is never made anew over it`);
  requireName(name);
  const lines = types.map((each) => {
    const seed = randomBytes(seedBytes);
    const { key } = signerOf(name, each, seed);
    const id = key.keyId.toString(16).padStart(8, '0');
    return `PRIVATE+KEY+${name}+${id}+${Buffer.concat([each.type.identifier, seed]).toString('base64')}\n`;
  });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // The state comes first: a key without a state is one whose state was lost.
  await HeadStore.create(headsFolder(dataDir, role));
  await writeWhole(file, Buffer.from(lines.join('')));
  return openCosignerKey(dataDir, role);
}

/** @throws WitnessError `key_missing`, `key_malformed` */
export function openCosignerKey(dataDir: string, role: Role): CosignerKey {
  const file = keyFile(dataDir, role);
  if (!existsSync(file)) {
    throw new WitnessError('key_missing', `there is no ${file}; make it once with "latchkey-witness keygen"`);
  }
  const lines = readFileSync(file, 'utf8').split('\n');
  if (lines.length !== types.length + 1 || lines.at(-1) !== '') throw malformed(file);
  const signers = types.map((each, place) => {
    const [word, key, name = '', , blob = ''] = (lines[place] ?? '').split('+', 5);
    const bytes = Buffer.from((lines[place] ?? '').slice(`PRIVATE+KEY+${name}+00000000+`.length), 'base64');
    const isOfType = bytes.subarray(0, -seedBytes).equals(each.type.identifier);
    if (word !== 'PRIVATE' || key !== 'KEY' || blob === '' || !isOfType) throw malformed(file);
    const signer = signerOf(name, each, bytes.subarray(-seedBytes));
    const id = signer.key.keyId.toString(16).padStart(8, '0');
    if (lines[place] !== `PRIVATE+KEY+${name}+${id}+${bytes.toString('base64')}`) throw malformed(file);
    return signer;
  });
  const [name = '', ...others] = signers.map(({ key }) => key.name);
  if (others.some((other) => other !== name)) throw malformed(file);
  return { name, signers };
}

/** For policies: `name+keyid+base64`, one line for each type. */
export function verifierKeys({ signers }: CosignerKey): readonly string[] {
  return signers.map(({ key }) => formatVerifierKey(key));
}

interface KeyType {
  readonly type: SignatureType;
  readonly algorithm: 'ed25519' | 'ml-dsa-44';
  readonly format: 'raw-private' | 'raw-seed';
}

function signerOf(name: string, { type, algorithm, format }: KeyType, seed: Buffer): NoteSigner {
  const key = createPrivateKey({ key: Buffer.from(seed), format, asymmetricKeyType: algorithm });
  const publicKey = createPublicKey(key).export({ format: 'raw-public' });
  return {
    key: verifierKey(name, type, new Uint8Array(publicKey)),
    sign: (message) => new Uint8Array(sign(null, message, key)),
  };
}

/** A name like `witness.example.org/w1`; 255 bytes fit into a cosignature of ML-DSA. @throws WitnessError */
function requireName(name: string): void {
  if (/^[a-z0-9][a-z0-9.-]*(:[0-9]+)?(\/[A-Za-z0-9._~-]+)*$/.test(name) && name.length <= 200) return;
  throw new WitnessError(
    'argument_invalid',
    'a name is an address without "https://": a host you control, and after slashes what you like (witness.example.org/w1)',
  );
}

function malformed(file: string): WitnessError {
  return new WitnessError('key_malformed', `${file} is not a key that this program wrote`);
}
