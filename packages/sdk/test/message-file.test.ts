/** Header and payload are an age file, and what it holds is a message file: other people's programs open both. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { Decrypter } from 'age-encryption';
import { decodeShortHeader, encodeShortHeader } from '@latchkey/protocol/wire';
import { outsideProgram } from '@latchkey/testkit';
import { sealArrivals, sealMessage, sealOwnCopy, type SealedMessage } from '../src/message/index.ts';
import type { OwnKeys } from '../src/signing/types.ts';
import { bytesOf, host, person } from './message-people.ts';

let alice: OwnKeys;
let bob: OwnKeys;
let sealed: SealedMessage;

before(async () => {
  alice = await person('alice@example.org');
  bob = await person('bob@example.org');
  sealed = await sealMessage(host, {
    sender: alice.newest,
    to: [bob.newest.identity],
    cc: [],
    bcc: [],
    subject: 'Grüße 🐈',
    text: `Zeile\n--latchkey-\n${'=_ ä\n'.repeat(20_000)}`,
    html: '<p>Zeile</p>',
    inline: [{ contentId: 'a@b', type: 'image/png', bytes: new Uint8Array(90_000).fill(9) }],
    dateSeconds: 1_795_428_000,
    inReplyTo: null,
    attachments: [],
  });
});

async function openWithTypage(file: Uint8Array, identity: string): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(file);
}

const READ = `
import email, email.policy, hashlib, json, sys
data = sys.stdin.buffer.read()
outer = email.message_from_bytes(data, policy=email.policy.default)
parts = list(outer.iter_parts())
boundary = b'\\r\\n--' + outer.get_boundary().encode()
mime = data.split(boundary)[2].split(b'\\r\\n\\r\\n', 1)[1]
inner = parts[1].get_payload(0)
json.dump({
  'type': outer.get_content_type(), 'from': outer['From'], 'date': int(outer['Date'].datetime.timestamp()),
  'parts': [[part.get_content_type(), part.get_content_disposition()] for part in parts],
  'note': parts[0].get_payload(decode=True).decode(), 'mime': mime.hex(),
  'subject': inner['Subject'], 'id': inner['Message-ID'], 'text': inner.get_body(('plain',)).get_content(),
  'defects': [type(defect).__name__ for part in outer.walk() for defect in part.defects],
}, sys.stdout)
`;

test('the header of the vector for short headers opens with typage', async () => {
  const path = new URL('../../../vectors/wire/short-headers.json', import.meta.url);
  const { accept } = JSON.parse(readFileSync(path, 'utf8')) as { accept: Record<string, string>[] };
  const { short = '', identity = '', fileKey } = accept[0] ?? {};
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const header = decodeShortHeader(Uint8Array.from(Buffer.from(short, 'hex')));
  assert.ok(header !== null);
  const opened = await decrypter.decryptHeader(header);
  assert.equal(Buffer.from(opened ?? []).toString('hex'), fileKey);
});

test('what a recipient and the sender hold opens with typage alone, and Python reads it as mail', async (t) => {
  const recipient = { identity: bob.newest.identity, counter: 1, previous: null };
  const payload = await bytesOf(sealed.message.payload());
  assert.equal(payload.length, sealed.message.payloadBytes);
  let header = new Uint8Array(0);
  for await (const arrival of sealArrivals(host, sealed, [recipient])) {
    // As it travels.
    const text = decodeShortHeader(encodeShortHeader(arrival.message));
    assert.ok(text !== null);
    header = text;
  }
  const received = await openWithTypage(Buffer.concat([header, payload]), bob.newest.sealIdentity);
  const copy = await sealOwnCopy(host, sealed, { own: alice.newest, attachments: [] });
  const kept = await openWithTypage(await bytesOf(copy.message.file()), alice.newest.sealIdentity);
  assert.ok(Buffer.from(received).equals(kept));

  const python = outsideProgram('python3');
  if (python === null) return t.skip('python3 is not installed');
  const { status, stdout, stderr } = spawnSync(python, ['-c', READ], { input: received, maxBuffer: 64 * 1024 * 1024 });
  assert.equal(status, 0, stderr.toString());
  const { written } = sealed;
  const read = JSON.parse(stdout.toString()) as Record<string, unknown>;
  assert.equal(read['mime'], Buffer.from(written.mime).toString('hex'));
  assert.equal(read['note'], written.note);
  assert.equal(read['type'], 'multipart/mixed');
  assert.deepEqual(read['parts'], [
    ['application/octet-stream', 'attachment'],
    ['message/rfc822', 'inline'],
  ]);
  assert.deepEqual([read['from'], read['date']], ['alice@example.org', 1_795_428_000]);
  assert.equal(read['subject'], 'Grüße 🐈');
  assert.match(String(read['id']), /^<[0-9a-f]{32}@example\.org>$/);
  assert.match(String(read['text']), /^Zeile\r?\n--latchkey-\r?\n=_ ä/);
  assert.deepEqual(read['defects'], []);
});
