import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMLDSA44 } from '@oqs/liboqs-js/sig';
import { cosign } from '../src/cosignature/cosign.ts';
import { formatNote } from '../src/note/format-note.ts';
import { parseNote } from '../src/note/parse-note.ts';
import { signNote } from '../src/note/sign-note.ts';
import { mldsa44CosignatureType } from '../src/note/signature-type.ts';
import { verifierKey } from '../src/note/verifier-key.ts';
import { verifyNote } from '../src/note/verify-note.ts';
import { withSignatures } from '../src/note/with-signatures.ts';
import { ed25519Key, mldsa44Cosigner, platformVerifier } from './platform-key.ts';

/*
 * ML-DSA-44 cosignatures in the hands of liboqs (Open Quantum Safe, compiled to WebAssembly), which shares no code with
 * OpenSSL or noble. What is signed is put together here by hand, from c2sp.org/tlog-cosignature.
 */

const origin = 'example.com/behind-the-sofa';
const root = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
const text = `${origin}\n20852163\n${root}\n`;
const name = 'witness.example.com/w2';

/** `cosigned_message` of the specification, for a whole tree. */
function cosignedMessage(timeSeconds: number, size: number, rootHash = root): Uint8Array {
  const u64 = (value: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt(value));
    return bytes;
  };
  const short = (value: string): Buffer => Buffer.concat([Buffer.of(Buffer.byteLength(value)), Buffer.from(value)]);
  const parts = [Buffer.from('subtree/v1\n\0'), short(name), u64(timeSeconds), short(origin), u64(0), u64(size)];
  return new Uint8Array(Buffer.concat([...parts, Buffer.from(rootHash, 'base64')]));
}

test('liboqs verifies our ML-DSA-44 cosignature, and no other message under it', async (t) => {
  const liboqs = await createMLDSA44();
  t.after(() => liboqs.destroy());
  const witness = mldsa44Cosigner(name);
  const signed = await signNote({ text, signatures: [] }, [ed25519Key(origin)]);
  const note = formatNote(withSignatures(signed, [await cosign(signed, witness, 1_679_315_147)]));

  const line = Buffer.from(note).toString('utf8').trimEnd().split('\n').at(-1) ?? '';
  const blob = Buffer.from(line.split(' ')[2] ?? '', 'base64');
  assert.equal(blob.length, 4 + 8 + 2420);
  assert.equal(blob.readBigUInt64BE(4), 1_679_315_147n);
  const signature = new Uint8Array(blob.subarray(12));
  const verify = (message: Uint8Array, under = witness.key.publicKey): boolean =>
    liboqs.verify(message, signature, under);
  assert.equal(verify(cosignedMessage(1_679_315_147, 20_852_163)), true);
  assert.equal(verify(cosignedMessage(1_679_315_148, 20_852_163)), false);
  assert.equal(verify(cosignedMessage(1_679_315_147, 20_852_164)), false);
  assert.equal(verify(cosignedMessage(1_679_315_147, 20_852_163, root.replace('Cs', 'Ds'))), false);
  assert.equal(verify(new Uint8Array(Buffer.from(text))), false);
  assert.equal(verify(cosignedMessage(1_679_315_147, 20_852_163), mldsa44Cosigner(name).key.publicKey), false);
});

test('a cosignature that liboqs made is one of ours, for this head and time alone', async (t) => {
  const liboqs = await createMLDSA44();
  t.after(() => liboqs.destroy());
  const pair = liboqs.generateKeyPair();
  const key = verifierKey(name, mldsa44CosignatureType, new Uint8Array(pair.publicKey));
  const signature = liboqs.sign(cosignedMessage(1_679_315_147, 20_852_163), new Uint8Array(pair.secretKey));
  const judge = async (size: number, timeSeconds: number): Promise<boolean> => {
    const head = Buffer.alloc(12);
    head.writeUInt32BE(key.keyId);
    head.writeBigUInt64BE(BigInt(timeSeconds), 4);
    const line = `— ${name} ${Buffer.concat([head, signature]).toString('base64')}\n`;
    const note = parseNote(Buffer.from(`${origin}\n${size}\n${root}\n\n${line}`));
    return (await verifyNote(note, [platformVerifier(key)], 'all')).verified;
  };
  assert.equal(await judge(20_852_163, 1_679_315_147), true);
  assert.equal(await judge(20_852_164, 1_679_315_147), false);
  assert.equal(await judge(20_852_163, 1_679_315_148), false);
});
