/** Fields that the records of this room share (docs/spec/09-mail.md, "Records"). Each has a maximum. */
import { parseAddress, type CanonicalAddress } from '@latchkey/protocol';
import { decodeBytes } from '@latchkey/protocol/wire';
import * as v from 'valibot';

export type FieldSchema<Output> = v.GenericSchema<unknown, Output>;

/** Base64url without padding, as everywhere in JSON. */
export function bytesField(lengthBytes: number, mostBytes: number = lengthBytes): FieldSchema<Uint8Array> {
  return v.pipe(
    v.unknown(),
    v.rawTransform(({ dataset: { value }, addIssue, NEVER }): Uint8Array => {
      const isShort = typeof value === 'string' && value.length <= Math.ceil((mostBytes * 4) / 3);
      const bytes = isShort ? decodeBytes(value) : null;
      if (bytes !== null && bytes.length >= lengthBytes && bytes.length <= mostBytes) return bytes;
      addIssue({ message: 'not canonical base64url of the expected length' });
      return NEVER;
    }),
  );
}

export const idField: FieldSchema<Uint8Array> = bytesField(16);
export const hashField: FieldSchema<Uint8Array> = bytesField(32);
export const countField: FieldSchema<number> = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const addressField: FieldSchema<CanonicalAddress> = v.pipe(
  v.unknown(),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }): CanonicalAddress => {
    try {
      if (typeof value === 'string') return parseAddress(value);
    } catch {
      // Whatever is wrong with it, it is no address.
    }
    addIssue({ message: 'not a canonical address' });
    return NEVER;
  }),
);

export function textField(mostChars: number): FieldSchema<string> {
  return v.pipe(v.string(), v.maxLength(mostChars));
}

export function listField<Output>(of: FieldSchema<Output>, mostEntries: number): FieldSchema<Output[]> {
  return v.pipe(v.array(of), v.maxLength(mostEntries));
}
