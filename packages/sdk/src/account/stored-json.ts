/** JSON that this client keeps for itself, in profile files and vault records: strict, bounded, bytes as base64url. */
import { decodeBytes, encodeJson } from '@latchkey/protocol/wire';
import { utf8 } from '@scure/base';
import * as v from 'valibot';

type BytesField = v.GenericSchema<string, Uint8Array>;

/** Exactly so many bytes. */
export function bytesField(lengthBytes: number): BytesField {
  return v.pipe(
    v.string(),
    v.maxLength(Math.ceil((lengthBytes * 4) / 3)),
    v.rawTransform(({ dataset, addIssue, NEVER }): Uint8Array => {
      const bytes = decodeBytes(dataset.value);
      if (bytes?.length === lengthBytes) return bytes;
      addIssue({ message: 'not canonical base64url of the expected length' });
      return NEVER;
    }),
  );
}

export const u32Field: v.GenericSchema<number> = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(0),
  v.maxValue(0xffff_ffff),
);
export const secondsField: v.GenericSchema<number> = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const textField = (maxChars: number): v.GenericSchema<string> => v.pipe(v.string(), v.maxLength(maxChars));
export const addressField: v.GenericSchema<string> = textField(254);
export const originField: v.GenericSchema<string> = textField(300);
export const serverKeyField: v.GenericSchema<string> = textField(1_024);
export const noteField: v.GenericSchema<string> = textField(65_536);
export const policyField: v.GenericSchema<string | null, Uint8Array | null> = v.nullable(bytesField(32));
export const MAX_DEVICE_NAME_CHARS = 256;

/** The value with its bytes as text: what a vault record can hold. */
export function storable(value: object): Record<string, unknown> {
  return JSON.parse(encodeJson(value)) as Record<string, unknown>;
}

export function encodeStored(value: object): Uint8Array {
  return utf8.decode(encodeJson(value));
}

/** @returns null where the bytes are not this schema's JSON */
export function decodeStored<T>(schema: v.GenericSchema<unknown, T>, bytes: Uint8Array): T | null {
  let value: unknown;
  try {
    value = JSON.parse(utf8.encode(bytes));
  } catch {
    return null;
  }
  return parseStored(schema, value);
}

/** @returns null where the value does not fit */
export function parseStored<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T | null {
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  return parsed.success ? parsed.output : null;
}
