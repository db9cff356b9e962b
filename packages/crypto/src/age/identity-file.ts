/** Files of identities, as `age-keygen` writes and `age -i` reads them: one a line, comments begin with `#`. */
import type { Engine } from '../engine/engine.ts';
import { CryptoError } from '../errors.ts';
import { asciiBytes, textOfBytes } from './bytes.ts';
import { type KeyIdentity, formatIdentity, parseIdentity, recipientOf } from './identity.ts';
import { MAX_IDENTITIES, MAX_IDENTITY_FILE_BYTES, MAX_IDENTITY_LINE_BYTES } from './limits.ts';
import { formatRecipient } from './recipient.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const NUMBER_SIGN = 0x23;

/**
 * One or more identities. Lines end with LF or CRLF; empty lines and comments are passed over.
 * @throws CryptoError identity_malformed: names the line, never what stands in it
 */
export function parseIdentityFile(bytes: Uint8Array): KeyIdentity[] {
  if (bytes.length > MAX_IDENTITY_FILE_BYTES) throw malformed('it is too large');
  const identities: KeyIdentity[] = [];
  let lineNumber = 0;
  for (let start = 0; start < bytes.length;) {
    lineNumber++;
    const lineFeed = bytes.indexOf(LINE_FEED, start);
    const end = lineFeed < 0 ? bytes.length : lineFeed;
    const line = withoutReturn(bytes.subarray(start, end));
    start = end + 1;
    if (line.length > MAX_IDENTITY_LINE_BYTES) throw malformed(`line ${lineNumber} is too long`);
    if (line.length === 0 || line[0] === NUMBER_SIGN) continue;
    if (identities.length === MAX_IDENTITIES) throw malformed('it holds too many identities');
    identities.push(parseLine(line, lineNumber));
  }
  if (identities.length === 0) throw malformed('it holds no identity');
  return identities;
}

/** The identity with its recipient in a comment above it, so that the file says what can be given away. */
export async function formatIdentityFile(
  engine: Engine,
  identity: KeyIdentity,
  createdAt: string | null = null,
): Promise<Uint8Array<ArrayBuffer>> {
  const created = createdAt === null ? '' : `# created: ${createdAt}\n`;
  const recipient = formatRecipient(await recipientOf(engine, identity));
  return asciiBytes(`${created}# public key: ${recipient}\n${formatIdentity(identity)}\n`);
}

function withoutReturn(line: Uint8Array): Uint8Array {
  return line[line.length - 1] === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}

function parseLine(line: Uint8Array, lineNumber: number): KeyIdentity {
  try {
    return parseIdentity(textOfBytes(line));
  } catch {
    throw malformed(`line ${lineNumber} is not an identity`);
  }
}

function malformed(why: string): CryptoError {
  return new CryptoError('identity_malformed', `malformed identity file: ${why}`);
}
