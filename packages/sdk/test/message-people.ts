/** People with real keys, and payloads in memory, for the tests of messages. */
import { formatIdentity, formatRecipient, generateIdentity, recipientOf, type PayloadReader } from '@latchkey/crypto';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { chunkCipher } from '@latchkey/crypto';
import { hybridSigner } from '@latchkey/crypto/sign';
import { canonicalAddress, type IdentityStatement } from '@latchkey/protocol';
import type { MessageHost } from '../src/message/index.ts';
import { signIdentity, verifyIdentityChain } from '../src/signing/identity.ts';
import type { OwnIdentity, OwnKeys } from '../src/signing/types.ts';

export const host: MessageHost = { engine: nodeEngine, chunks: chunkCipher(nodeEngine) };

/** Version 0, or the one after `before`. */
export async function person(address: string, before?: OwnKeys): Promise<OwnKeys> {
  const seeds = { ed25519: nodeEngine.randomBytes(32), mldsa44: nodeEngine.randomBytes(32) };
  const signer = await hybridSigner(nodeEngine, seeds);
  const sealing = generateIdentity(nodeEngine);
  const previous = before?.newest;
  const statement: IdentityStatement = {
    kind: 'latchkey/identity/v1',
    address: canonicalAddress(address),
    version: previous === undefined ? 0 : previous.identity.statement.version + 1,
    previous: previous?.identity.hash ?? null,
    ...signer.publicKey,
    seal: formatRecipient(await recipientOf(nodeEngine, sealing)),
    recovery: { by: 'none' },
    holdHours: 72,
    vault: nodeEngine.randomBytes(32),
  };
  const signers = previous === undefined ? {} : { previous: { ...previous, statement: previous.identity.statement } };
  const note = await signIdentity(statement, { own: signer, ...signers });
  const [identity] = await verifyIdentityChain(nodeEngine, [note], {
    address: statement.address,
    ...(previous === undefined ? {} : { after: previous.identity }),
  });
  if (identity === undefined) throw new Error('no identity');
  const newest: OwnIdentity = { identity, signer, sealIdentity: formatIdentity(sealing) };
  return { newest, all: [newest, ...(before?.all ?? [])] };
}

export async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const taken: Uint8Array[] = [];
  for await (const piece of pieces) taken.push(Uint8Array.from(piece));
  return Uint8Array.from(Buffer.concat(taken));
}

export function readerOf(bytes: Uint8Array): PayloadReader {
  return {
    sizeBytes: bytes.length,
    readAt: async (offset, lengthBytes) => Uint8Array.from(bytes.subarray(offset, offset + lengthBytes)),
  };
}
