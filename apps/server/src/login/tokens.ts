import { createHash, randomBytes } from 'node:crypto';

const idBytes = 16;
const secretBytes = 32;

/** A session's token: the account, so that its rows are found, and 32 random bytes. Only its hash is kept. */
export function newToken(account: Uint8Array): { text: string; hash: Uint8Array } {
  const token = Buffer.concat([account, randomBytes(secretBytes)]);
  return { text: token.toString('base64url'), hash: createHash('sha256').update(token).digest() };
}

/** @returns null where the text has not the form of a token */
export function readToken(text: string): { account: Uint8Array; hash: Uint8Array } | null {
  const token = Buffer.from(text, 'base64url');
  if (token.length !== idBytes + secretBytes || token.toString('base64url') !== text) return null;
  return { account: new Uint8Array(token.subarray(0, idBytes)), hash: createHash('sha256').update(token).digest() };
}

/** That of an invitation to an address that was somebody else's: good for that address alone. */
export function reissueInvitationId(token: string, address: string): Uint8Array {
  const hash = createHash('sha256').update('latchkey/v1/invitation-reissue\0').update(token).update('\0');
  return hash.update(address).digest().subarray(0, idBytes);
}

/** The row of an invitation is named by the first half of its token's hash. */
export function invitationId(token: string): Uint8Array {
  return createHash('sha256').update('latchkey/v1/invitation\0').update(token).digest().subarray(0, idBytes);
}
