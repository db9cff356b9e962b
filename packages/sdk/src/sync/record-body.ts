/** What stands in a record (docs/spec/07-spaces.md, "Bodies"). */
import type { RecordBody } from './types.ts';
import { decodeUtf8, encodeUtf8 } from './utf8-text.ts';

const KIND = /^[a-z][a-z0-9-]{0,31}$/;

/** JSON as ECMAScript's JSON.stringify writes it. An absent or deleted record has no bytes. */
export function encodeRecordBody(body: RecordBody | null): Uint8Array {
  return body === null ? new Uint8Array(0) : encodeUtf8(JSON.stringify(body));
}

/**
 * Null for a deleted record. `unreadable` is everything that `encodeRecordBody` of this version does not write: what
 * came from an own device and is not understood was written by a newer one.
 */
export function parseRecordBody(bytes: Uint8Array): RecordBody | null | 'unreadable' {
  if (bytes.length === 0) return null;
  const text = decodeUtf8(bytes) ?? '';
  try {
    const value: unknown = JSON.parse(text);
    // One body has one text, so that an edit that keeps a field keeps its bytes.
    if (isRecordBody(value) && JSON.stringify(value) === text) return value;
  } catch {
    // No JSON: unreadable like every other text.
  }
  return 'unreadable';
}

function isRecordBody(value: unknown): value is RecordBody {
  const { kind, v } = (value ?? {}) as { readonly kind?: unknown; readonly v?: unknown };
  return typeof kind === 'string' && KIND.test(kind) && typeof v === 'number' && Number.isSafeInteger(v) && v >= 1;
}
