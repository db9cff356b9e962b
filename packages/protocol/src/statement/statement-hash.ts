import { sha256 } from '@noble/hashes/sha2.js';
import { base64urlnopad, utf8 } from '@scure/base';
import { KEY_NAME_PREFIX, STATEMENT_LABEL } from '../labels.ts';
import { formatStatement } from './format-statement.ts';
import type { IdentityStatement } from './kind/identity-statement.ts';
import type { Statement } from './statement.ts';

const KEY_NAME_CHARS = 22;

/** What other statements name this one by: SHA-256(label ‖ text), 32 bytes. */
export function statementHash(statement: Statement): Uint8Array {
  return statementTextHash(formatStatement(statement));
}

/** The same of a text that `parseStatement` has taken: a statement has one text. */
export function statementTextHash(text: string): Uint8Array {
  return sha256(utf8.decode(STATEMENT_LABEL + text));
}

/** The name in the signature lines of the keys that this statement introduces: from SHA-256 of the text alone. */
export function identityKeyName(statement: IdentityStatement): string {
  const digest = sha256(utf8.decode(formatStatement(statement)));
  return KEY_NAME_PREFIX + base64urlnopad.encode(digest).slice(0, KEY_NAME_CHARS);
}
