/** Lines that people carry on paper: readable fields, bytes in base32, a checksum at the end (05-account.md). */
import { base32nopad } from '@scure/base';
import { asciiBytes } from '../age/bytes.ts';
import type { Engine } from '../engine/engine.ts';

/** 40 bits fill eight characters: a mistyped line passes once in 2^40. */
const CHECKSUM_BYTES = 5;
const MAX_LINE_CHARS = 1024;

/** @returns fields ‖ checksum, one space between */
export async function formatCheckedLine(engine: Pick<Engine, 'sha256'>, fields: readonly string[]): Promise<string> {
  const text = fields.join(' ');
  const hash = await engine.sha256(asciiBytes(text));
  return `${text} ${formatBase32(hash.subarray(0, CHECKSUM_BYTES))}`;
}

export interface LineForm<Name extends string> {
  /** The first field. */
  readonly kind: string;
  /** Of the fields between kind and checksum. */
  readonly names: readonly Name[];
}

/**
 * Takes capitals and runs of spaces, as paper and keyboards give them; all lines are lower case.
 *
 * @returns null where kind, number of fields or checksum are others
 */
export async function parseCheckedLine<Name extends string>(
  engine: Pick<Engine, 'sha256'>,
  { kind, names }: LineForm<Name>,
  text: string,
): Promise<Readonly<Record<Name, string>> | null> {
  if (text.length > MAX_LINE_CHARS || /[^\t\n\r -~]/.test(text)) return null;
  const fields = text
    .toLowerCase()
    .split(/[\t\n\r ]+/)
    .filter((field) => field !== '');
  const values = fields.slice(1, -1);
  if (fields[0] !== kind || values.length !== names.length) return null;
  if ((await formatCheckedLine(engine, [kind, ...values])) !== fields.join(' ')) return null;
  return Object.fromEntries(values.map((value, at) => [names[at], value])) as Record<Name, string>;
}

/** RFC 4648, section 6, lower case, no padding: no 0, 1, 8, 9 that a reader could take for a letter. */
export function formatBase32(bytes: Uint8Array): string {
  return base32nopad.encode(bytes).toLowerCase();
}

/** Null where the text is not the one spelling of so many bytes. */
export function parseBase32(text: string, lengthBytes: number): Uint8Array<ArrayBuffer> | null {
  try {
    const bytes = Uint8Array.from(base32nopad.decode(text.toUpperCase()));
    return bytes.length === lengthBytes && formatBase32(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}
