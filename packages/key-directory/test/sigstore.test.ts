import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { test } from 'node:test';
import { bundleFromJSON } from '@sigstore/bundle';
import { toSignedEntity, VerificationError, Verifier } from '@sigstore/verify';
import { parseCheckpoint, parseNote, proveInclusion, type VerifierKey } from '@latchkey/tlog';
import { parseIndexLeaf } from '../src/index.ts';
import {
  hybridLine,
  NOW,
  seed,
  sha256,
  SmallDirectory,
  SmallLog,
  WITNESSES,
  type Cosigner,
} from './small-directory.ts';

/*
 * Sigstore's client beside our checkpoints and inclusion proofs. It reads entries as Rekor has them: a log of ours that
 * holds such entries passes whole. Of a leaf of the key log or the index log it checks the log's signature, the
 * checkpoint and the path to its root, in this order, and only then stops at a body that is not Rekor's: the code of its
 * error says how far it came.
 */

const LEFT_TO_REKOR = 'TLOG_BODY_ERROR';
const NOT_IN_LOG = 'TLOG_INCLUSION_PROOF_ERROR';
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Somebody's signature over a file, as Sigstore logs it. */
const author = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const artifact = Buffer.from('what was signed');
const digest = Buffer.from(sha256(artifact));
const signature = sign('sha256', artifact, author.privateKey);

function rekorBody(): Buffer {
  const spec = {
    signature: { content: base64(signature) },
    data: { hash: { algorithm: 'sha256', value: digest.toString('hex') } },
  };
  return Buffer.from(JSON.stringify({ apiVersion: '0.0.1', kind: 'hashedrekord', spec }));
}

interface Shown {
  readonly index: number;
  readonly entry: Uint8Array;
  readonly inclusion: readonly Uint8Array[];
  readonly checkpoint: Uint8Array;
}

interface TrustedKey {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly publicKey: KeyObject;
}

/** What Sigstore says: `verified`, or the code of its error. Nothing else may come out of it. */
function sigstore(shown: Shown, trusted: TrustedKey): string {
  const { rootHash, size } = parseCheckpoint(parseNote(shown.checkpoint).text);
  const keyId = base64(trusted.keyId);
  const bundle = bundleFromJSON({
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      publicKey: { hint: 'author' },
      tlogEntries: [
        {
          logIndex: String(shown.index),
          logId: { keyId },
          kindVersion: { kind: 'hashedrekord', version: '0.0.1' },
          inclusionProof: {
            logIndex: String(shown.index),
            rootHash: base64(rootHash),
            treeSize: String(size),
            hashes: shown.inclusion.map(base64),
            checkpoint: { envelope: Buffer.from(shown.checkpoint).toString('utf8') },
          },
          canonicalizedBody: base64(shown.entry),
        },
      ],
    },
    messageSignature: {
      messageDigest: { algorithm: 'SHA2_256', digest: base64(digest) },
      signature: base64(signature),
    },
  });
  const always = { start: new Date(0), end: new Date(8.64e15) };
  const verifier = new Verifier(
    {
      certificateAuthorities: [],
      timestampAuthorities: [],
      ctlogs: [],
      tlogs: [
        {
          baseURL: `https://${trusted.name}`,
          logID: Buffer.from(trusted.keyId),
          publicKey: trusted.publicKey,
          validFor: always,
        },
      ],
      publicKey: () => ({ publicKey: author.publicKey, validFor: () => true }),
    },
    { tlogThreshold: 1, ctlogThreshold: 0, timestampThreshold: 0 },
  );
  try {
    verifier.verify(toSignedEntity(bundle, artifact));
    return 'verified';
  } catch (error) {
    assert.ok(error instanceof VerificationError, String(error));
    return error.code;
  }
}

/** Every way of showing something else than the log has. */
function lies(honest: Shown): [string, Shown][] {
  const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
  const note = Buffer.from(honest.checkpoint).toString('utf8');
  const changed = (from: RegExp, to: (text: string) => string): Uint8Array => Buffer.from(note.replace(from, to));
  return [
    ['another entry', { ...honest, entry: flip(honest.entry, honest.entry.length - 1) }],
    ['another index', { ...honest, index: honest.index === 0 ? 1 : honest.index - 1 }],
    ['a hash more', { ...honest, inclusion: [...honest.inclusion, seed('more')] }],
    ['a hash less', { ...honest, inclusion: honest.inclusion.slice(1) }],
    ...honest.inclusion.map((_, at): [string, Shown] => [
      `hash ${at}`,
      { ...honest, inclusion: honest.inclusion.map((hash, i) => (i === at ? flip(hash, 31) : hash)) },
    ]),
    ['another size', { ...honest, checkpoint: changed(/\n(\d+)\n/, (size) => `\n${Number(size) + 1}\n`) }],
    ['another origin', { ...honest, checkpoint: changed(/^./, () => 'X') }],
    ['an extension line', { ...honest, checkpoint: changed(/\n\n/, () => '\nmore\n\n') }],
    ['another signature', { ...honest, checkpoint: changed(/\n\n.*\n/, (line) => swapSignature(line)) }],
  ];
}

function swapSignature(line: string): string {
  const [, name = '', blob = ''] = /— (\S+) (\S+)\n/.exec(line) ?? [];
  const bytes = Buffer.from(blob, 'base64');
  bytes[10] = (bytes[10] ?? 0) ^ 1;
  return `\n\n— ${name} ${bytes.toString('base64')}\n`;
}

/** What of a line Sigstore needs to find and check it. */
function trustedKey({ name, keyId, publicKey }: VerifierKey): TrustedKey {
  const id = Buffer.alloc(4);
  id.writeUInt32BE(keyId);
  return { name, keyId: id, publicKey: platformKey(publicKey) };
}

function platformKey(raw: Uint8Array): KeyObject {
  const pub = Buffer.from(raw).toString('base64url');
  const jwk = raw.length === 32 ? { kty: 'OKP', crv: 'Ed25519', x: pub } : { kty: 'AKP', alg: 'ML-DSA-44', pub };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

test('a log of ours with an entry of Rekor’s shape is good for Sigstore, at every place of every size', async () => {
  for (let size = 1; size <= 9; size += 1) {
    for (let index = 0; index < size; index += 1) {
      const log = new SmallLog('log.example.org/rekor', 'log');
      for (let at = 0; at < size; at += 1) await log.append(at === index ? rekorBody() : seed(`entry ${at}`));
      const inclusion = await proveInclusion({ index, size }, log.tiles);
      const checkpoint = await log.checkpoint({ cosigners: WITNESSES });
      const shown = { index, entry: rekorBody(), inclusion, checkpoint };
      assert.equal(sigstore(shown, trustedKey(log.key)), 'verified', `${index} of ${size}`);
      if (size < 7) continue;
      for (const [name, lie] of lies(shown)) {
        assert.equal(sigstore(lie, trustedKey(log.key)), NOT_IN_LOG, `${name}, ${index} of ${size}`);
      }
    }
  }
});

test('leaves of the key log and of the index log are where our heads say, for Sigstore too', async () => {
  const world = new SmallDirectory({ hybrid: true });
  for (const label of ['alice', 'bob', 'carol', 'dave', 'erin']) {
    await world.add({ label: `${label}@example.org`, note: `${label} 0` });
    await world.publish({ keys: signedBy(world.keys), index: signedBy(world.index) });
  }
  await world.add({ label: 'bob@example.org', note: 'bob 1' });
  await world.publish({ keys: signedBy(world.keys), index: signedBy(world.index) });

  const head = await world.head();
  const bob = await world.lookup('bob@example.org');
  const { checkpoint } = parseIndexLeaf(head.indexLeaf);
  const claims: [string, Shown, VerifierKey][] = bob.leaves.map(({ leaf, inclusion }, version) => [
    `bob ${version}`,
    { index: bob.positions[version] ?? -1, entry: leaf, inclusion, checkpoint },
    world.keys.key,
  ]);
  assert.equal(claims.length, 2);
  const newest = { index: world.index.size - 1, entry: head.indexLeaf, inclusion: head.indexInclusion };
  claims.push(['index leaf', { ...newest, checkpoint: head.indexCheckpoint }, world.index.key]);

  for (const [name, shown, key] of claims) {
    assert.equal(sigstore(shown, trustedKey(key)), LEFT_TO_REKOR, name);
    for (const [lie, lied] of lies(shown)) assert.equal(sigstore(lied, trustedKey(key)), NOT_IN_LOG, `${name}: ${lie}`);
  }
  // A checkpoint of one of the two logs is none of the other, though one key signs both.
  const [, keysClaim] = claims[0] ?? [];
  const [, indexClaim] = claims[2] ?? [];
  assert.ok(keysClaim !== undefined && indexClaim !== undefined);
  assert.equal(sigstore(keysClaim, trustedKey(world.index.key)), NOT_IN_LOG);
  assert.equal(sigstore(indexClaim, trustedKey(world.keys.key)), NOT_IN_LOG);
});

test('cosignatures are beyond Sigstore: neither kind counts for it, and none is needed', async () => {
  const log = new SmallLog('log.example.org/rekor', 'log');
  await log.append(rekorBody());
  const line = hybridLine(log.origin);
  const checkpoint = await log.checkpoint({ cosigners: [line, ...WITNESSES] });
  const shown = { index: 0, entry: rekorBody(), inclusion: [], checkpoint };
  for (const { key } of [line, ...WITNESSES]) assert.equal(sigstore(shown, trustedKey(key)), NOT_IN_LOG, key.name);
  assert.equal(sigstore({ ...shown, checkpoint: await log.checkpoint() }, trustedKey(log.key)), 'verified');
});

function signedBy(log: SmallLog): { cosigners: readonly Cosigner[]; timeSeconds: number } {
  return { cosigners: [hybridLine(log.origin), ...WITNESSES], timeSeconds: NOW };
}
