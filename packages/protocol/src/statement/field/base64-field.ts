import { base64 } from '@scure/base';
import { malformed } from '../malformed.ts';
import type { Field } from './field.ts';

/** RFC 4648 section 4 with padding, of exactly this many bytes. */
export function base64Field(lengthBytes: number): Field<Uint8Array> {
  return {
    read: (token) => {
      const bytes = decode(token);
      if (bytes.length !== lengthBytes) throw malformed(`a field has ${bytes.length} bytes instead of ${lengthBytes}`);
      return bytes;
    },
    write: (bytes) => base64.encode(bytes),
  };
}

/** SHA-256, of whatever the line says. */
export const hashField: Field<Uint8Array> = base64Field(32);

function decode(token: string): Uint8Array {
  try {
    return base64.decode(token);
  } catch (cause) {
    throw malformed('a field is not base64', { cause });
  }
}
