import { base64urlnopad } from '@scure/base';
import * as v from 'valibot';

/** Bytes in JSON: base64url without padding (RFC 4648, section 5), canonical only. docs/spec/06-wire.md, "Bytes". */
export type BytesSchema = v.SchemaWithPipe<
  readonly [
    v.StringSchema<undefined>,
    v.MaxLengthAction<string, number, undefined>,
    v.RawTransformAction<string, Uint8Array>,
  ]
>;

export function bytes(lengthBytes: number): BytesSchema {
  return bytesSchema(lengthBytes, lengthBytes);
}

export function bytesUpTo(maxBytes: number): BytesSchema {
  return bytesSchema(0, maxBytes);
}

/** @returns null where the text is not the canonical encoding of any bytes */
export function decodeBytes(text: string): Uint8Array | null {
  try {
    return base64urlnopad.decode(text);
  } catch {
    return null;
  }
}

export function encodeBytes(value: Uint8Array): string {
  return base64urlnopad.encode(value);
}

function bytesSchema(minBytes: number, maxBytes: number): BytesSchema {
  return v.pipe(
    v.string(),
    v.maxLength(Math.ceil((maxBytes * 4) / 3)),
    v.rawTransform(({ dataset, addIssue, NEVER }): Uint8Array => {
      const decoded = decodeBytes(dataset.value);
      if (decoded === null || decoded.length < minBytes || decoded.length > maxBytes) {
        addIssue({ message: 'not canonical base64url of the expected length' });
        return NEVER;
      }
      return decoded;
    }),
  );
}
