import { formatIdentity, formatRecipient, generateIdentity, recipientOf, type Engine } from '@latchkey/crypto';
import { hybridSigner } from '@latchkey/crypto/sign';
import { canonicalAddress, type IdentityStatement } from '../../packages/protocol/src/index.ts';
import { signIdentity, verifyIdentityChain } from '../../packages/sdk/src/signing/identity.ts';
import type { OwnIdentity, VerifiedIdentity } from '../../packages/sdk/src/signing/types.ts';

/** Somebody with real keys and a signed statement, but without an account. */
export async function newPerson(engine: Engine, address: string): Promise<OwnIdentity> {
  const signer = await hybridSigner(engine, { ed25519: engine.randomBytes(32), mldsa44: engine.randomBytes(32) });
  const sealing = generateIdentity(engine);
  const statement: IdentityStatement = {
    kind: 'latchkey/identity/v1',
    address: canonicalAddress(address),
    version: 0,
    previous: null,
    ...signer.publicKey,
    seal: formatRecipient(await recipientOf(engine, sealing)),
    recovery: { by: 'none' },
    holdHours: 72,
    vault: engine.randomBytes(32),
  };
  const note = await signIdentity(statement, { own: signer });
  const [identity] = await verifyIdentityChain(engine, [note], { address: statement.address });
  if (identity === undefined) throw new Error('the statement does not hold');
  return { identity, signer, sealIdentity: formatIdentity(sealing) };
}

/** Readers with keys of their own; their statements are not signed, which nobody asks who seals to them. */
export async function newReaders(engine: Engine, like: VerifiedIdentity, count: number): Promise<VerifiedIdentity[]> {
  const readers: VerifiedIdentity[] = [];
  for (let number = 0; number < count; number++) {
    const address = canonicalAddress(`reader-${number}@localhost`);
    const seal = formatRecipient(await recipientOf(engine, generateIdentity(engine)));
    const party = { ...like.party, address };
    readers.push({ ...like, statement: { ...like.statement, address, seal }, party, hash: engine.randomBytes(32) });
  }
  return readers;
}
