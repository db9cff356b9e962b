import * as v from 'valibot';
import { decodeBytes, encodeBytes } from './bytes.ts';
import * as f from './fields.ts';
import { encodeJson, parseJson } from './json.ts';

const schema = v.strictObject({
  latchkey: v.literal('invitation/v1'),
  origin: f.origin,
  /** The server's static public key of OPAQUE, so that the first contact cannot be given another. */
  opaque: f.opaqueText,
  policy: v.union([v.literal('none'), f.hash]),
  /** What the server wants to see; it stores only the hash. */
  token: f.tokenText,
});

export type Invitation = Omit<v.InferOutput<typeof schema>, 'latchkey'>;

const maxChars = 2_048;

/** One line of base64url that a person passes on. docs/spec/06-wire.md, "Invitations". */
export function formatInvitation(invitation: Invitation): string {
  const text = encodeJson({ latchkey: 'invitation/v1', ...invitation });
  return encodeBytes(Uint8Array.from(text, (character) => character.charCodeAt(0)));
}

/** @returns null where the text is no invitation */
export function parseInvitation(text: string): Invitation | null {
  const bytes = text.length > maxChars ? null : decodeBytes(text.trim());
  if (bytes === null || bytes.some((byte) => byte > 0x7e)) return null;
  const parsed = parseJson(schema, String.fromCharCode(...bytes));
  if (parsed === null) return null;
  const { latchkey: _kind, ...invitation } = parsed;
  return invitation;
}
