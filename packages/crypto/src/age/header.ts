/**
 * The header of an age file, byte for byte (C2SP age, "Header" and its ABNF).
 *
 *     age-encryption.org/v1
 *     -> argument argument…
 *     <body, 64 columns a line, the last line shorter, perhaps empty>
 *     --- <MAC>
 */
import { CryptoError } from '../errors.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { asciiBytes, concatBytes, textOfBytes } from './bytes.ts';
import { MAX_HEADER_BYTES, MAX_STANZAS } from './limits.ts';
import type { Stanza } from './stanza.ts';

export const VERSION_LINE: Uint8Array = asciiBytes('age-encryption.org/v1\n');
const MAC_MARK = asciiBytes('---');
const FULL_LINE_COLUMNS = 64;
const FULL_LINE_BYTES = 48;
const MAC_BYTES = 32;
const LINE_FEED = 0x0a;

export interface Header {
  readonly stanzas: readonly Stanza[];
  readonly mac: Uint8Array;
  /** What the MAC is computed over: the header up to and including the three dashes. */
  readonly macInput: Uint8Array;
}

/** The header up to and including the three dashes before the MAC. */
export function formatMacInput(stanzas: readonly Stanza[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [VERSION_LINE];
  const lineFeed = Uint8Array.of(LINE_FEED);
  for (const { args, body } of stanzas) {
    parts.push(asciiBytes(`-> ${args.join(' ')}\n`));
    // A body whose length is a multiple of 48 ends with an empty line.
    for (let at = 0; at <= body.length; at += FULL_LINE_BYTES)
      parts.push(encodeBase64(body.subarray(at, at + FULL_LINE_BYTES)), lineFeed);
  }
  parts.push(MAC_MARK);
  return concatBytes(...parts);
}

export function formatHeader(macInput: Uint8Array, mac: Uint8Array): Uint8Array<ArrayBuffer> {
  return concatBytes(macInput, asciiBytes(' '), encodeBase64(mac), asciiBytes('\n'));
}

/**
 * Takes one whole header and nothing after it. Accepts only what `formatHeader` gives back byte for byte.
 * @throws CryptoError header_malformed, header_too_large
 */
export function parseHeader(bytes: Uint8Array): Header {
  if (bytes.length > MAX_HEADER_BYTES) throw tooLarge();
  if (!startsWith(bytes, VERSION_LINE)) throw malformed('the first line is not that of age v1');

  const lines = new Lines(bytes);
  const stanzas: Stanza[] = [];
  let macLine = lines.next();
  for (; !startsWith(macLine, MAC_MARK); macLine = lines.next()) {
    if (stanzas.length === MAX_STANZAS) throw tooLarge();
    stanzas.push({ args: parseArguments(macLine), body: parseBody(lines) });
  }
  if (stanzas.length === 0) throw malformed('there is no recipient');
  if (lines.at !== bytes.length) throw malformed('something follows the MAC');
  const macInput = bytes.subarray(0, bytes.length - macLine.length - 1 + MAC_MARK.length);
  return { stanzas, mac: parseMac(macLine), macInput };
}

function parseArguments(line: Uint8Array): string[] {
  const [arrow, ...args] = textOfBytes(line).split(' ');
  if (arrow !== '->' || args.length === 0) throw malformed('a line is neither a stanza nor the MAC');
  for (const arg of args) if (!/^[!-~]+$/.test(arg)) throw malformed('a stanza has a malformed argument');
  return args;
}

function parseBody(lines: Lines): Uint8Array {
  const parts: Uint8Array[] = [];
  for (;;) {
    const line = lines.next();
    const part = line.length > FULL_LINE_COLUMNS ? null : decodeBase64(line);
    if (part === null) throw malformed('the body of a stanza is not canonical base64 of 64 columns');
    parts.push(part);
    if (line.length < FULL_LINE_COLUMNS) return concatBytes(...parts);
  }
}

function parseMac(line: Uint8Array): Uint8Array {
  const mac = line[MAC_MARK.length] === 0x20 ? decodeBase64(line.subarray(MAC_MARK.length + 1)) : null;
  if (mac?.length !== MAC_BYTES) throw malformed('the MAC line is malformed');
  return mac;
}

/** Walks over the lines after the first; each must end with a line feed. */
class Lines {
  readonly #bytes: Uint8Array;
  at: number = VERSION_LINE.length;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  next(): Uint8Array {
    const end = this.#bytes.indexOf(LINE_FEED, this.at);
    if (end < 0) throw malformed('it ends before the MAC line does');
    const line = this.#bytes.subarray(this.at, end);
    this.at = end + 1;
    return line;
  }
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}

function malformed(why: string): CryptoError {
  return new CryptoError('header_malformed', `malformed age header: ${why}`);
}

function tooLarge(): CryptoError {
  return new CryptoError('header_too_large', 'the age header is larger than any that we open');
}
