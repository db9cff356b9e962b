/** Everything that owners do, by the real client, with a marker wherever they write something. */
import { setTimeout as sleep } from 'node:timers/promises';
import { chunkCipher } from '../../packages/crypto/src/index.ts';
import { nodeEngine } from '../../packages/crypto/src/engine-node/index.ts';
import { loginClient } from '../../packages/crypto/src/login-client.ts';
import {
  accountState,
  changePassword,
  closeAccount,
  keepAccount,
  kitSaved,
  listSessions,
  lock,
  logIn,
  logOut,
  openClient,
  register,
  removeSession,
  signInCard,
  unlock,
  type Client,
} from '../../packages/sdk/src/client/index.ts';
import {
  decideOnSenders,
  exportAge,
  list,
  mark,
  openAttachmentRange,
  planReport,
  read,
  receive,
  saveAttachments,
  send,
  waitForMail,
  type DraftAttachment,
} from '../../packages/sdk/src/mail/index.ts';
import type { ByteSink } from '../../packages/sdk/src/ports.ts';
import { memoryHost, type MemoryHost } from '../../packages/sdk/src/testing/index.ts';
import { fetchWire, type Network } from '../../packages/sdk/src/transport/index.ts';
import { ROUTES } from '../../packages/protocol/src/wire/index.ts';
import { secretMarker, textMarker, type Marker } from './markers.ts';
import { recordSecrets, type SecretRecord } from './recording-engine.ts';

export interface Played {
  readonly markers: () => readonly Marker[];
  /** For calls that no client makes: alice's session. */
  readonly client: Client;
}

export interface Stage {
  readonly origin: string;
  /** Called in the middle of things, while the server still has what it was given last. */
  readonly look: (when: string, markers: readonly Marker[]) => Promise<void> | void;
}

/** Settles when somebody first listens for events. */
const listening = Promise.withResolvers<null>();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const network: Network<AbortSignal> = {
  fetch(url, request) {
    if (new URL(url).pathname === ROUTES.eventsStream.path) listening.resolve(null);
    return fetch(url, request);
  },
  newAbort: () => new AbortController(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  decodeUtf8: (bytes) => strictUtf8.decode(bytes),
};

function newHost({ engine, login }: SecretRecord): MemoryHost {
  return memoryHost({
    engine,
    chunks: chunkCipher(engine),
    login,
    clock: { nowMs: Date.now, sleep: (ms) => sleep(ms) },
    connect: (origin) => fetchWire(network, origin, { engine }),
  });
}

/** Content that is random but for its marker, which stands at the beginning, in the middle and at the end. */
function file(name: string, content: string, sizeBytes: number): DraftAttachment {
  const bytes = Buffer.alloc(sizeBytes, nodeEngine.randomBytes(4_001));
  for (const at of [0, Math.floor(sizeBytes / 2), sizeBytes - content.length]) bytes.write(content, at);
  return {
    name,
    type: 'application/octet-stream',
    identity: name,
    source: {
      sizeBytes,
      async *stream() {
        for (let at = 0; at < sizeBytes; at += 1_000_000) yield new Uint8Array(bytes.subarray(at, at + 1_000_000));
      },
    },
  };
}

const partBytes = 8_388_608;
const nowhere: ByteSink = {
  write: () => Promise.resolve(),
  commit: () => Promise.resolve(),
  discard: () => Promise.resolve(),
};

export async function play({ origin, look }: Stage): Promise<Played> {
  const record = recordSecrets(nodeEngine, await loginClient());
  const texts: Marker[] = [];
  const text = (name: string): string => {
    const marker = textMarker(name);
    texts.push(marker);
    return marker.text;
  };
  const markers = (): readonly Marker[] => [...texts, ...record.secrets()];
  const newPerson = async (name: string) => {
    const password = text(`${name}'s password`);
    const request = { address: `${name}@localhost`, origin, password, deviceName: text(`${name}'s device`) };
    const made = await register(newHost(record), request);
    texts.push({ name: `${name}'s kit`, bytes: Buffer.from(made.kit.words.join(' ')), kind: 'words' });
    texts.push(secretMarker(`${name}'s kit line`, Buffer.from(made.kit.text.split(' ')[4] ?? '')));
    return { ...made, ...request };
  };
  const alice = await newPerson('alice');
  const bob = await newPerson('bob');
  const carol = await newPerson('carol');
  await kitSaved(alice.client.host);
  await look('after three registrations', markers());

  const draft = (name: string) => ({
    to: [`bob+${text('tag of an address')}@localhost`],
    cc: [],
    bcc: [],
    subject: text(`subject of ${name}`),
    text: `${text(`body of ${name}`)}\n`,
    attachments: [],
  });
  const attachments = [
    file(`${text('name of a small file')}.txt`, text('content of a small file'), 9_000),
    file(`${text('name of a file')}.bin`, text('content of a file'), 300_000),
    file(`${text('name of a file in parts')}.bin`, text('content of a file in parts'), partBytes + 500_000),
  ];
  const waiting = waitForMail(bob.client, { timeoutMs: 600_000 });
  // Not before: the message is to come in over the stream.
  await listening.promise;
  await send(alice.client, { ...draft('the first'), cc: ['carol@localhost'], attachments });
  await look('after a message with large attachments', markers());
  if ((await waiting) === null) throw new Error('bob saw no mail come in');
  await send(alice.client, { ...draft('a blind copy'), to: ['bob@localhost'], bcc: ['carol@localhost'] });
  await receive(bob.client);
  await decideOnSenders(bob.client, [alice.address], 'declined');
  await decideOnSenders(bob.client, [alice.address], 'accepted');
  const rows = await list(bob.client);
  const first = rows.at(-1);
  if (first === undefined || rows.length !== 2) throw new Error(`bob has ${rows.length} messages`);
  await read(bob.client, first.id);
  await saveAttachments(bob.client, first.id, { sinkFor: async () => nowhere });
  const range = openAttachmentRange(bob.client, first.id, { index: 1, from: 100_000, to: 100_100 });
  for await (const piece of range) if (piece.length === 0) throw new Error('a range came empty');
  const planned = await planReport(bob.client, first.id);
  await planned.send({ reason: 'threat', words: text('words of a report') });
  await mark(bob.client, [first.id], { read: true, starred: true, folder: 'archive' });
  await send(bob.client, { ...draft('an answer'), to: ['alice@localhost'], replyTo: first.id });
  await send(bob.client, { ...draft('a forwarded one'), to: ['carol@localhost'], forward: first.id });
  await receive(carol.client);
  await receive(alice.client);
  const [sent] = await list(alice.client, { folder: 'sent' });
  if (sent !== undefined) await exportAge(alice.client, sent.id, { sink: nowhere });
  await look('after mail in all directions', markers());

  await accountState(alice.client);
  const card = await signInCard(alice.client);
  const byCard = { with: { password: alice.password, card: card.text } };
  const byKit = { with: { kit: alice.kit.words.join(' ') } };
  const second = await logIn(newHost(record), {
    address: alice.address,
    origin,
    deviceName: text('a second device'),
    ...byCard,
  });
  await receive(second);
  const third = await logIn(newHost(record), {
    address: alice.address,
    origin,
    deviceName: text('a third device'),
    ...byKit,
  });
  await changePassword(third, text('a new password'));
  for (const session of await listSessions(alice.client)) {
    if (!session.current) {
      await removeSession(alice.client, session.id);
      break;
    }
  }
  await lock(bob.client.host);
  await unlock(bob.client.host, bob.password);
  await receive(await openClient(bob.client.host));
  await closeAccount(carol.client);
  await keepAccount(carol.client);
  await logOut(bob.client.host);
  return { markers, client: alice.client };
}
