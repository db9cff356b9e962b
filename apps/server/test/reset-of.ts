import { createHash } from 'node:crypto';
import type { HybridSigner } from '@latchkey/crypto/sign';
import {
  formatStatement,
  identityKeyName,
  statementHash,
  type IdentityStatement,
  type Statement,
} from '@latchkey/protocol';
import { formatNote, parseNote, type NoteSigner } from '@latchkey/tlog';
import { recoveryKeyName } from '../src/login/identity.ts';
import { identityOf, newKeys, signed, signersOf, type TestOwner } from './test-owner.ts';

export interface Reset {
  readonly identity: IdentityStatement;
  readonly keys: HybridSigner;
  readonly note: string;
}

/** A version by the kit alone, with the line that carries the kit's keys. */
export async function resetOf(
  owner: TestOwner,
  previous: Statement,
  version: number,
  given: { readonly kit?: HybridSigner; readonly also?: readonly NoteSigner[] } = {},
): Promise<Reset> {
  const { kit = owner.kit, also = [] } = given;
  const keys = await newKeys();
  const identity = {
    ...identityOf(owner.address, { keys, kit: owner.kit, previous: owner.identity }),
    version,
    previous: statementHash(previous),
  };
  const name = recoveryKeyName(kit.publicKey);
  const text = await signed(formatStatement(identity), [
    signersOf(identityKeyName(identity), keys),
    signersOf(name, kit),
    also,
  ]);
  const { ed25519, mldsa44 } = kit.publicKey;
  const signature = new Uint8Array(Buffer.concat([ed25519, mldsa44]));
  const type = Buffer.concat([Uint8Array.of(0xff), Buffer.from('latchkey/recovery-keys/v1')]);
  const keyId = createHash('sha256').update(`${name}\n`).update(type).update(signature).digest().readUInt32BE(0);
  const note = parseNote(Buffer.from(text));
  const lines = [...note.signatures, { keyName: name, keyId, signature }];
  return { identity, keys, note: Buffer.from(formatNote({ ...note, signatures: lines })).toString('utf8') };
}
