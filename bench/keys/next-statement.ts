import { formatIdentity, formatRecipient, generateIdentity, recipientOf, type Engine } from '@latchkey/crypto';
import { hybridSigner } from '@latchkey/crypto/sign';
import { statementHash, type IdentityStatement } from '../../packages/protocol/src/index.ts';
import { signIdentity, verifyIdentityChain } from '../../packages/sdk/src/signing/identity.ts';
import type { OwnIdentity } from '../../packages/sdk/src/signing/types.ts';

/** The same person with new keys, signed by the old and the new ones. */
export async function nextStatement(engine: Engine, before: OwnIdentity): Promise<OwnIdentity> {
  const signer = await hybridSigner(engine, { ed25519: engine.randomBytes(32), mldsa44: engine.randomBytes(32) });
  const sealing = generateIdentity(engine);
  const previous = before.identity.statement;
  const statement: IdentityStatement = {
    ...previous,
    version: previous.version + 1,
    previous: statementHash(previous),
    ...signer.publicKey,
    seal: formatRecipient(await recipientOf(engine, sealing)),
    vault: engine.randomBytes(32),
  };
  const note = await signIdentity(statement, { own: signer, previous: { statement: previous, signer: before.signer } });
  const address = statement.address;
  const [identity] = await verifyIdentityChain(engine, [note], { address, after: before.identity });
  if (identity === undefined) throw new Error('the statement does not hold');
  return { identity, signer, sealIdentity: formatIdentity(sealing) };
}
