import { randomBytes } from 'node:crypto';
import { limits } from '@latchkey/protocol/wire';

/** A header as the wire takes it, that opens for nobody. */
export function randomHeader(): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(randomBytes(limits.HEADER_BYTES));
  header[0] = 1;
  return header;
}
