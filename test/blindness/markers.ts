/** What must not be found, in every form in which it could lie somewhere. */
import { randomBytes, randomInt } from 'node:crypto';

export interface Marker {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Of a secret eight bytes in a row are enough to be a find; of a text twelve characters; of words thirty. */
  readonly kind: 'text' | 'secret' | 'words';
}

export interface Form {
  readonly marker: Marker;
  readonly form: string;
  readonly bytes: Uint8Array;
  /** So many bytes in a row are a find. */
  readonly enoughBytes: number;
}

const letters = 'abcdefghijklmnopqrstuvwxyz';

/** Nothing that anybody would write: 24 letters with nothing in common with other markers. */
export function textMarker(name: string): Marker & { readonly text: string } {
  const text = Array.from({ length: 24 }, () => letters[randomInt(letters.length)]).join('');
  return { name, text, bytes: Buffer.from(text), kind: 'text' };
}

export function secretMarker(name: string, bytes: Uint8Array = randomBytes(32)): Marker {
  return { name, bytes: new Uint8Array(bytes), kind: 'secret' };
}

/** Raw, base64 and base64url at each of its three places, hexadecimal both ways, and those texts as UTF-16 both ways. */
export function formsOf(marker: Marker): Form[] {
  const raw = Buffer.from(marker.bytes);
  const enough = { secret: 8, text: 12, words: 30 }[marker.kind];
  const texts: readonly (readonly [form: string, text: string, enough: number])[] = [
    ...[0, 1, 2].flatMap((shift) => {
      const encoded = inTheMiddle(raw, shift);
      const chars = Math.ceil((enough * 4) / 3);
      const url = encoded.replaceAll('+', '-').replaceAll('/', '_');
      return [
        [`base64 +${shift}`, encoded, chars],
        ...(url === encoded ? [] : [[`base64url +${shift}`, url, chars] as const]),
      ] as const;
    }),
    ['hex', raw.toString('hex'), 2 * enough],
    ['HEX', raw.toString('hex').toUpperCase(), 2 * enough],
    ...(marker.kind !== 'secret' ? ([['text', raw.toString('utf8'), enough]] as const) : []),
  ];
  const forms = texts.flatMap(([form, text, chars]): Form[] => {
    const little = Buffer.from(text, 'utf16le');
    const asUtf16 = [
      { marker, form: `${form}, UTF-16LE`, bytes: little, enoughBytes: 2 * chars },
      { marker, form: `${form}, UTF-16BE`, bytes: Buffer.from(little).swap16(), enoughBytes: 2 * chars },
    ];
    if (form === 'text') return asUtf16;
    // A secret as wide text would take somebody who writes it beside wide letters; that is looked for with texts.
    const narrow = { marker, form, bytes: Buffer.from(text), enoughBytes: Math.min(chars, text.length) };
    return marker.kind === 'secret' ? [narrow] : [narrow, ...asUtf16];
  });
  return [{ marker, form: 'raw', bytes: raw, enoughBytes: Math.min(enough, raw.length) }, ...forms];
}

/** What base64 of a longer text has of this, where `shift` bytes stand before it: no character that others decide. */
function inTheMiddle(bytes: Buffer, shift: number): string {
  const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
  const from = Math.ceil((shift * 4) / 3);
  const whole = Math.floor(((shift + bytes.length) * 4) / 3);
  return encoded.slice(from, whole);
}
