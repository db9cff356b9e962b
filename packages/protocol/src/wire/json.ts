import * as v from 'valibot';
import { encodeBytes } from './bytes.ts';
import { WIRE_ERRORS, type WireErrorCode } from './error-codes.ts';

/** Name of the header that carries the SHA-256 of a raw body, base64url. */
export const BODY_HASH_HEADER = 'latchkey-sha256';

/** A value of a route's request or response as JSON text; bytes become base64url. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, bytesAsText);
}

// The field itself, not the second argument: a Node Buffer has a toJSON that would come first.
function bytesAsText(this: Readonly<Record<string, unknown>>, name: string, field: unknown): unknown {
  const own = this[name];
  return own instanceof Uint8Array ? encodeBytes(own) : field;
}

/** @returns null where the text is not JSON or does not fit the schema, whatever was wrong with it */
export function parseJson<Schema extends v.GenericSchema>(schema: Schema, text: string): v.InferOutput<Schema> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return parseFields(schema, value);
}

/** The same for values that are no JSON text: named parts of a path. */
export function parseFields<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
): v.InferOutput<Schema> | null {
  // An array is an object too, and would pass for one without fields.
  if (Array.isArray(value)) return null;
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  return parsed.success ? parsed.output : null;
}

const errorBody = v.strictObject({
  code: v.pipe(v.string(), v.maxLength(64)),
  retryAfterSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(86_400))),
});

export interface WireRefusal {
  readonly code: WireErrorCode;
  readonly retryAfterSeconds: number | null;
}

/** @returns null where the body is no refusal that this version knows */
export function parseRefusal(text: string): WireRefusal | null {
  const body = parseJson(errorBody, text);
  if (body === null || !isWireErrorCode(body.code)) return null;
  return { code: body.code, retryAfterSeconds: body.retryAfterSeconds ?? null };
}

function isWireErrorCode(code: string): code is WireErrorCode {
  return Object.hasOwn(WIRE_ERRORS, code);
}
