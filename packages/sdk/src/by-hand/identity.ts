import {
  formatIdentity,
  formatRecipient,
  generateIdentity,
  type KeyIdentity,
  parseIdentity,
  parseIdentityFile as parseFile,
  recipientOf as recipientOfIdentity,
} from '@latchkey/crypto';
import type { ByHandHost } from './ports.ts';
import type { MadeIdentity } from './types.ts';
import { utf8Bytes } from './utf8-bytes.ts';

/** A fresh hybrid identity and the recipient to give away. */
export async function makeIdentity(host: ByHandHost): Promise<MadeIdentity> {
  return withSecret(generateIdentity(host.engine), async (identity) => ({
    identity: formatIdentity(identity),
    recipient: formatRecipient(await recipientOfIdentity(host.engine, identity)),
  }));
}

/**
 * The recipient of `AGE-SECRET-KEY-PQ-1…` or `AGE-SECRET-KEY-1…`.
 * @throws CryptoError identity_malformed
 */
export async function recipientOf(host: ByHandHost, identity: string): Promise<string> {
  return withSecret(parseIdentity(identity), async (parsed) =>
    formatRecipient(await recipientOfIdentity(host.engine, parsed)),
  );
}

/**
 * The identities of a file as `keygen` and age-keygen write it: one a line, comments and empty lines between.
 * @throws CryptoError identity_malformed: names the line, never what stands in it
 */
export function parseIdentityFile(text: string): readonly string[] {
  const bytes = utf8Bytes(text);
  try {
    return parseFile(bytes).map((identity) => {
      const formatted = formatIdentity(identity);
      identity.secret.fill(0);
      return formatted;
    });
  } finally {
    bytes.fill(0);
  }
}

async function withSecret<T>(identity: KeyIdentity, use: (identity: KeyIdentity) => Promise<T>): Promise<T> {
  try {
    return await use(identity);
  } finally {
    identity.secret.fill(0);
  }
}
