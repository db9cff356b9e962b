/**
 * What the server hands out and wants back unread and unchanged: the state between the halves of a login, and passes.
 * Nothing of an owner is under this key. AES-256-GCM, a fresh nonce each time, the purpose as additional data.
 */
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';

export type SealPurpose = 'login' | 'kit' | 'pass';

export interface ServerSeal {
  /** @returns base64url */
  seal(purpose: SealPurpose, value: unknown): string;
  /** @returns null where it was not made here for this purpose */
  open(purpose: SealPurpose, text: string): unknown;
}

const nonceBytes = 12;
const tagBytes = 16;

export function serverSeal(keyBytes: Uint8Array): ServerSeal {
  // With raw bytes each call asks by an exception whether they are a key object: four times the work of the cipher.
  const key = createSecretKey(keyBytes);
  return {
    seal(purpose, value) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(purpose));
      const sealed = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url');
    },
    open(purpose, text) {
      const bytes = Buffer.from(text, 'base64url');
      if (bytes.length < nonceBytes + tagBytes) return null;
      const nonce = bytes.subarray(0, nonceBytes);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(purpose));
      decipher.setAuthTag(bytes.subarray(-tagBytes));
      try {
        const opened = Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]);
        return JSON.parse(opened.toString('utf8'));
      } catch {
        return null;
      }
    },
  };
}
