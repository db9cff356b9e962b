/** The rescue file: what an owner opens with any age program and the kit (docs/spec/05-account.md, "Rescue file"). */
import { asciiBytes, concatBytes } from '../age/bytes.ts';
import { formatIdentity, parseIdentity } from '../age/identity.ts';
import { parseRecipient } from '../age/recipient.ts';
import { seal } from '../age/seal.ts';
import type { Engine } from '../engine/engine.ts';
import { CryptoError } from '../errors.ts';
import { requireAddress } from './address-and-origin.ts';

export interface RescueVersion {
  /** Of the identity statement. */
  readonly version: number;
  /** `AGE-SECRET-KEY-PQ-1…` */
  readonly identity: string;
}

export interface RescueContents {
  /** `age1pq1…` of the kit. */
  readonly recipient: string;
  /** Canonical. */
  readonly address: string;
  /** All of the owner's, newest first. */
  readonly versions: readonly RescueVersion[];
}

/**
 * A plain age file for the kit alone; within it a file of identities, as `age -i` reads it.
 *
 * @throws CryptoError `argument_invalid`; `recipient_malformed`; `identity_malformed`
 */
export async function sealRescue(engine: Engine, contents: RescueContents): Promise<Uint8Array<ArrayBuffer>> {
  const recipient = parseRecipient(contents.recipient);
  if (recipient.kind !== 'mlkem768x25519') {
    throw new CryptoError('argument_invalid', 'a rescue file is sealed to a hybrid recipient');
  }
  const text = asciiBytes(formatRescue(contents));
  try {
    const pieces: Uint8Array[] = [];
    for await (const piece of await seal(engine, { recipients: [recipient], plaintext: once(text) }))
      pieces.push(piece);
    return concatBytes(...pieces);
  } finally {
    text.fill(0);
  }
}

function formatRescue({ address, versions }: RescueContents): string {
  requireAddress(address);
  requireNewestFirst(versions);
  const lines = versions.map(
    ({ version, identity }) =>
      `# address: ${address}\n# version: ${version}\n${formatIdentity(parseIdentity(identity))}\n`,
  );
  return `# Latchkey rescue file: the identities that open the mail and files of this address, newest first\n${lines.join('')}`;
}

function requireNewestFirst(versions: readonly RescueVersion[]): void {
  const ordered = versions.every(
    ({ version }, at) =>
      Number.isSafeInteger(version) && version >= 0 && (at === 0 || version < (versions[at - 1]?.version ?? 0)),
  );
  if (versions.length === 0 || !ordered) {
    throw new CryptoError('argument_invalid', 'a rescue file holds one version or more, newest first');
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
