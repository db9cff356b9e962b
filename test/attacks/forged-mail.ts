/** Mail as only somebody with own keys and own software can write it, delivered through the real server. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { itemOf, parseRecipient, sealDelivery, sealHeader } from '../../packages/crypto/src/index.ts';
import { composeMessage } from '../../packages/mime/src/index.ts';
import { canonicalAddress, type MessageStatement } from '../../packages/protocol/src/index.ts';
import { encodeShortHeader, ROUTES } from '../../packages/protocol/src/wire/index.ts';
import type { Client } from '../../packages/sdk/src/client/index.ts';
import { encodeDeliveryBody, type DeliveryBody } from '../../packages/sdk/src/message/delivery-body.ts';
import { formatEnvelope } from '../../packages/sdk/src/message/envelope.ts';
import type { ItemKey, MessageRequest, SealedMessage } from '../../packages/sdk/src/message/index.ts';
import { sealMessage } from '../../packages/sdk/src/message/index.ts';
import { newItemKey } from '../../packages/sdk/src/message/item-key.ts';
import { sealedItem } from '../../packages/sdk/src/message/payload.ts';
import { formatSummary, summaryOf } from '../../packages/sdk/src/message/summary.ts';
import { identitySigner } from '../../packages/sdk/src/signing/identity.ts';
import { signStatement } from '../../packages/sdk/src/signing/signed-statement.ts';
import type { OwnIdentity, VerifiedIdentity } from '../../packages/sdk/src/signing/types.ts';
import { bytesOf } from '../../packages/sdk/test/message-people.ts';
import { attackHappened } from './attack.ts';

export const nowSeconds = (): number => Math.floor(Date.now() / 1000);

export async function identityOf(client: Client, address: string): Promise<VerifiedIdentity> {
  const [resolution] = await client.directory.resolve([canonicalAddress(address)]);
  assert.ok(resolution?.outcome === 'known');
  return resolution.identity;
}

/** A message as it should be, before anything is done with it. */
export function honest(client: Client, changes: Partial<MessageRequest>): Promise<SealedMessage> {
  return sealMessage(client.host, {
    sender: client.keys.newest,
    to: [],
    cc: [],
    bcc: [],
    subject: 'Lunch',
    text: 'At noon?',
    dateSeconds: nowSeconds(),
    inReplyTo: null,
    attachments: [],
    ...changes,
  });
}

export interface Forgery {
  readonly to: VerifiedIdentity;
  /** Another identity of the same person, or of somebody else. */
  readonly signer?: OwnIdentity;
  /** Changed before it is signed. */
  readonly mime?: (text: string) => string;
  readonly statement?: Partial<MessageStatement>;
  readonly dateSeconds?: number;
  /** Signs the commitment to another key than that of the payload. */
  readonly otherItem?: boolean;
  readonly delivery?: Partial<DeliveryBody>;
  readonly plaintext?: (bytes: Uint8Array) => Uint8Array;
}

/** Everything in the hand of whoever signs. */
export async function postForged(client: Client, forgery: Forgery): Promise<void> {
  const { engine } = client.host;
  const { to, signer = client.keys.newest, mime: changeMime = (same) => same, dateSeconds = nowSeconds() } = forgery;
  const from = forgery.statement?.from ?? signer.identity.party;
  const written = composeMessage({
    from: { address: from.address },
    to: [{ address: to.party.address }],
    cc: [],
    subject: 'Lunch',
    text: 'At noon?',
    dateSeconds,
    messageId: '<1@example.org>',
  });
  const mime = Uint8Array.from(Buffer.from(changeMime(Buffer.from(written).toString())));
  const key = await newItemKey(engine);
  const facts = { from, dateSeconds, attachments: forgery.statement?.attachments ?? [] };
  const summary = forgery.delivery?.summary ?? summaryOf(facts, { subject: 'Lunch', text: 'At noon?' });
  const statement: MessageStatement = {
    kind: 'latchkey/message/v1',
    id: engine.randomBytes(16),
    item:
      forgery.otherItem === true
        ? await itemOf(engine, { fileKey: engine.randomBytes(16), payloadNonce: key.nonce })
        : key.item,
    to: [to.party],
    cc: [],
    blind: engine.randomBytes(32),
    inReplyTo: null,
    body: await engine.sha256(mime),
    checkpoint: null,
    summary: await engine.sha256(Buffer.from(formatSummary(summary))),
    ...facts,
    ...forgery.statement,
  };
  const note = await signStatement(statement, [identitySigner(signer.identity.statement, signer.signer)]);
  const envelope = formatEnvelope({ note, checkpoint: null, mime });
  await post(client, {
    key,
    plaintext: forgery.plaintext?.(envelope) ?? envelope,
    body: { summary, opening: null, counter: 1, previous: null, ...forgery.delivery },
    whom: to,
  });
}

export interface Posted {
  readonly key: ItemKey;
  readonly plaintext: Uint8Array;
  readonly body: DeliveryBody;
  readonly whom: VerifiedIdentity;
}

/** Seals this to somebody, and delivers it. */
export async function post(client: Client, { key, plaintext, body, whom }: Posted): Promise<void> {
  const header = await headerFor(client, key, whom);
  const place = { engine: client.host.engine, fileKey: key.fileKey, header, payloadNonce: key.nonce };
  const payload = await bytesOf(sealedItem(client.host, key, plaintext).payload());
  const part = await sealDelivery(place, encodeDeliveryBody(body));
  await deliver(client, { address: whom.party.address, part, items: [{ header, payload }] });
}

export async function headerFor(client: Client, key: ItemKey, whom: VerifiedIdentity): Promise<Uint8Array> {
  const recipients = [parseRecipient(whom.statement.seal)];
  return sealHeader(client.host.engine, { fileKey: key.fileKey, recipients, wrappedBefore: [] });
}

/** The words of a sealed message, which each of its readers has. */
export function plaintextOf({ written: { note, checkpoint, mime } }: SealedMessage): Uint8Array {
  return formatEnvelope({ note, checkpoint, mime });
}

export interface Delivered {
  readonly address: string;
  readonly part: Uint8Array;
  /** Headers as text. */
  readonly items: readonly { readonly header: Uint8Array | null; readonly payload: Uint8Array<ArrayBuffer> }[];
}

export async function deliver(client: Client, { items, ...delivered }: Delivered): Promise<void> {
  const shortened = items.map(({ header, payload }) => ({
    header: header === null ? null : encodeShortHeader(header),
    payload,
  }));
  await deliverShort(client, { ...delivered, items: shortened });
}

/** The same with the very bytes that stand where short headers belong. */
export async function deliverShort({ wire, session }: Client, { address, part, items }: Delivered): Promise<void> {
  const rights = { session };
  const blobs: Uint8Array[] = [];
  for (const { payload } of items) {
    const hold = new Uint8Array(randomBytes(16));
    blobs.push((await wire.put(ROUTES.holdsPut, { hold }, payload, { rights })).blob);
  }
  const { passes } = await wire.call(ROUTES.passesIssue, { count: 1 }, { rights });
  const key = new Uint8Array(randomBytes(16));
  const headers = items.map(({ header }) => header);
  const recipients = [{ address, key, headers, part }];
  attackHappened();
  const { answers } = await wire.call(ROUTES.deliver, { blobs, recipients }, { rights: { pass: passes[0] ?? '' } });
  assert.deepEqual(answers, ['ok']);
}
