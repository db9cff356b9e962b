/** Contact cards: one's own, and those of others (docs/spec/15-contact-cards.md). */
import { CryptoError, formatContactLine, parseContactLine, type ContactLine } from '@latchkey/crypto';
import { parseAddress, ProtocolError, type CanonicalAddress } from '@latchkey/protocol';
import { utf8 } from '@scure/base';
import { decodeContactCard, encodeContactCard, type ContactCard } from '../directory/card/contact-card.ts';
import { ContactCardError } from '../directory/card/contact-card-error.ts';
import { isSameLog } from '../directory/card/same-log.ts';
import { verifyContactCard } from '../directory/card/verify-contact-card.ts';
import { readKeptHead } from '../directory/key-log/kept-head.ts';
import { readLogPin, type LogPin } from '../directory/key-log/log-pin.ts';
import { SdkError } from '../errors.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import { qrText } from './paper/qr-code.ts';
import type { Client } from './types.ts';

export { ContactCardError, type ContactCardReason } from '../directory/card/contact-card-error.ts';

export interface OwnContactCard {
  readonly address: CanonicalAddress;
  /** Hash of the own identity, 32 bytes. */
  readonly identity: Uint8Array;
  /** The whole card: statement and proof. */
  readonly file: Uint8Array;
  /** What its QR code holds. */
  readonly line: string;
  /** The code itself, in half blocks, for terminals. */
  readonly qr: string;
}

/**
 * @throws ContactCardError `log_missing`; KeyLogError: the own history is not the vault's; what the wire throws
 */
export async function contactCard(client: Client): Promise<OwnContactCard> {
  const { directory, host, wire, keys, address, vault } = client;
  const look = await directory.ownLook({ isWhole: true });
  const pin = await readLogPin(vault);
  if (look === null || pin === null) throw new ContactCardError('log_missing');
  const { identity } = keys.newest;
  const { rawHead, lookup } = look;
  const leaves = lookup.leaves.slice(identity.statement.version).map(({ leaf, inclusion, opened }) => {
    if (opened === null) throw new ContactCardError('log_missing');
    return { leaf, inclusion, opening: opened.opening, note: opened.note };
  });
  if (leaves.length === 0) throw new ContactCardError('log_missing');
  const policy = await host.engine.sha256(utf8.decode(pin.policy));
  const { indexCheckpoint, indexLeaf, indexInclusion } = rawHead;
  const { origin } = wire;
  const file = encodeContactCard({
    latchkey: 'contact/v1',
    address,
    origin,
    policy,
    madeSeconds: Math.floor(host.clock.nowMs() / 1_000),
    head: { indexCheckpoint, indexLeaf, indexInclusion },
    vrfProof: lookup.vrfProof,
    positions: lookup.positions,
    mapProof: lookup.mapProof,
    leaves,
  });
  const line = await formatContactLine(host.engine, { address, origin, identity: identity.hash, policy });
  return { address, identity: identity.hash, file, line, qr: qrText(line) };
}

/** What was verified of a card that was taken. */
export interface TakenContactCard {
  readonly address: CanonicalAddress;
  /** Hash of the identity that is pinned now, 32 bytes. */
  readonly identity: Uint8Array;
  readonly version: number;
  /** Whether the card brought its own proof (a file), and when it was made; null for a line. */
  readonly proofSeconds: number | null;
}

/**
 * A card that somebody was given by its owner: its file, or the line of its QR code. It must fit the pinned log and
 * what the key log says now; then it takes the place of whatever was known of the address, as verified by a human.
 * Never to be called with what came from the server.
 *
 * @throws ContactCardError; KeyLogError; what the wire throws
 */
export async function takeContactCard(client: Client, card: Uint8Array | string): Promise<TakenContactCard> {
  const { directory, vault } = client;
  const isLine = typeof card === 'string';
  const read = isLine ? await readLine(client, card) : await readFile(client, card);
  const { address, identity } = read;
  if (address === client.address) throw new ContactCardError('own_card');
  const [now] = await directory.resolve([address]);
  const head = await readKeptHead(vault);
  if (!isLine && head !== null && read.head !== null && !(await isSameLog(client.wire, read.head, head))) {
    throw new ContactCardError('log_differs');
  }
  try {
    await directory.acceptChangedVerifiedByHuman(address, identity);
  } catch (error) {
    if (!(error instanceof SdkError) || error.code !== 'statement_unverified') throw error;
    const versions = now?.outcome === 'known' ? now.versions : now?.outcome === 'changed' ? [now.pinned] : [];
    const wasThere = versions.some((each) => each !== null && equalBytes(each.hash, identity));
    const refused = now?.outcome === 'changed' ? { refused: now.reason } : {};
    throw new ContactCardError(wasThere ? 'identity_replaced' : 'identity_unknown', { cause: error, ...refused });
  }
  const [pinned] = await directory.resolve([address]);
  if (pinned?.outcome !== 'known') throw new ContactCardError('identity_unknown');
  const { version } = pinned.identity.statement;
  return { address, identity: pinned.identity.hash, version, proofSeconds: read.madeSeconds };
}

interface ReadCard {
  readonly address: CanonicalAddress;
  readonly identity: Uint8Array;
  readonly head: Parameters<typeof isSameLog>[1] | null;
  readonly madeSeconds: number | null;
}

async function readLine(client: Client, text: string): Promise<ReadCard> {
  const line = await parseContactLine(client.host.engine, text).catch((cause: unknown) => {
    if (cause instanceof CryptoError && cause.code === 'contact_malformed')
      throw new ContactCardError('malformed', { cause });
    throw cause;
  });
  const address = requireAddress(line.address);
  await requireFitting(client, line);
  return { address, identity: line.identity, head: null, madeSeconds: null };
}

async function readFile(client: Client, bytes: Uint8Array): Promise<ReadCard> {
  const card = decodeContactCard(bytes);
  const address = requireAddress(card.address);
  const log = await requireFitting(client, card);
  if (log === null) throw new ContactCardError('log_missing');
  const nowSeconds = Math.floor(client.host.clock.nowMs() / 1_000);
  const { identity, head } = await verifyContactCard(client.host.engine, { log, address, nowSeconds }, card);
  return { address, identity: identity.hash, head, madeSeconds: card.madeSeconds };
}

/** The card is of this server, and its owner believes what this account believes, or believed before. */
async function requireFitting(
  { host, wire, vault, directory, address }: Client,
  card: Pick<ContactCard | ContactLine, 'origin' | 'policy'>,
): Promise<LogPin | null> {
  if (card.origin !== wire.origin) throw new ContactCardError('origin_differs');
  // Pins the log where nothing has done so yet.
  await directory.resolve([address]);
  const log = await readLogPin(vault);
  if (log === null && card.policy === null) return null;
  const hashes = log === null ? [] : [await host.engine.sha256(utf8.decode(log.policy)), ...log.before];
  if (card.policy === null || !hashes.some((hash) => equalBytes(hash, card.policy ?? new Uint8Array(0)))) {
    throw new ContactCardError('policy_differs');
  }
  return log;
}

function requireAddress(text: string): CanonicalAddress {
  try {
    return parseAddress(text);
  } catch (cause) {
    if (cause instanceof ProtocolError) throw new ContactCardError('malformed', { cause });
    throw cause;
  }
}
