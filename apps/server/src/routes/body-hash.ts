import type { IncomingMessage } from 'node:http';
import { BODY_HASH_HEADER, decodeBytes } from '@latchkey/protocol/wire';
import { Refused } from '../store/refused.ts';

/** What the client says is the SHA-256 of the body. @throws Refused `request_malformed` */
export function bodyHash(incoming: IncomingMessage): Uint8Array {
  const header = incoming.headers[BODY_HASH_HEADER];
  const hash = typeof header === 'string' && header.length <= 64 ? decodeBytes(header) : null;
  if (hash?.length !== 32) throw new Refused('request_malformed');
  return hash;
}
