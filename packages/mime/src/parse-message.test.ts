import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { composeMessage } from './compose-message.ts';
import { MimeError } from './errors.ts';
import { parseMessage } from './parse-message.ts';

const bytesOf = (...lines: string[]): Uint8Array => Buffer.from(lines.join('\r\n'));
const tooLarge = { name: 'MimeError', code: 'message_too_large' };

test('what a message does not say is empty, not invented', async () => {
  const nothing = {
    from: [],
    to: [],
    cc: [],
    subject: '',
    dateSeconds: null,
    messageId: null,
    inReplyTo: null,
    references: [],
    text: '',
    html: null,
    parts: [],
    fieldNames: [],
  };
  assert.deepEqual(await parseMessage(new Uint8Array(0)), nothing);
  assert.deepEqual((await parseMessage(bytesOf('', 'only a body'))).text, 'only a body');
});

test('all senders are given, and the members of groups', async () => {
  const parsed = await parseMessage(
    bytesOf(
      'From: Alice <alice@example.org>, bob@example.org',
      'From: carol@example.org',
      'To: friends: dave@example.org, "E, F" <eve@example.org>;, frank@example.org',
      'Cc: nobody: ;',
      '',
      '',
    ),
  );
  assert.deepEqual(parsed.from, [
    { address: 'alice@example.org', name: 'Alice' },
    { address: 'bob@example.org' },
    { address: 'carol@example.org' },
  ]);
  assert.deepEqual(
    parsed.to.map(({ address }) => address),
    ['dave@example.org', 'eve@example.org', 'frank@example.org'],
  );
  assert.deepEqual(parsed.cc, []);
  assert.deepEqual(parsed.fieldNames, ['from', 'from', 'to', 'cc']);
});

test('parts come with name, type, id, place and bytes, apart from text and HTML', async () => {
  const parsed = await parseMessage(
    bytesOf(
      'Message-ID:  <one@example.org> (x)',
      'In-Reply-To: <zero@example.org>',
      'References: <> <a@b>,<c d> x <e@f>',
      'Subject: =?UTF-8?Q?gr=C3=BCn?= x',
      'Content-Type: multipart/mixed; boundary=m',
      '',
      '--m',
      'Content-Type: multipart/related; boundary=r',
      '',
      '--r',
      'Content-Type: text/html',
      '',
      'two',
      '<b>lines</b>',
      '',
      '--r',
      'Content-Type: image/png',
      'Content-ID: <logo<>@example.org>',
      'Content-Transfer-Encoding: base64',
      '',
      'AQID',
      '--r--',
      '--m',
      'Content-Type: application/pdf',
      'Content-Disposition: attachment; filename="=?UTF-8?Q?=C3=BC?=.pdf"',
      'Content-Transfer-Encoding: base64',
      '',
      'BAUG',
      '--m--',
    ),
  );
  assert.deepEqual(parsed.parts, [
    {
      name: null,
      type: 'image/png',
      contentId: 'logo<>@example.org',
      inline: true,
      bytes: Uint8Array.of(1, 2, 3),
    },
    { name: 'ü.pdf', type: 'application/pdf', contentId: null, inline: false, bytes: Uint8Array.of(4, 5, 6) },
  ]);
  assert.equal(parsed.html, 'two\n<b>lines</b>\n');
  assert.equal(parsed.subject, 'grün x');
  assert.deepEqual(
    [parsed.messageId, parsed.inReplyTo, parsed.references],
    ['<one@example.org>', '<zero@example.org>', ['<a@b>', '<e@f>']],
  );
});

test('dates of today’s grammar are read, others are none', async () => {
  const dateOf = async (date: string): Promise<number | null> =>
    (await parseMessage(bytesOf(`Date: ${date}`, '', ''))).dateSeconds;
  const noon = Date.UTC(2026, 10, 23, 10) / 1000;
  const same = [
    'Mon, 23 Nov 2026 10:00:00 +0000',
    '23 Nov 2026 10:00 GMT',
    'Mon, 23 Nov 2026 12:30:00 +0230',
    'Mon, 23 Nov 2026 02:00:00 -0800',
    'Mon,  23  Nov  2026  10:00:00  Z  (noon)',
    '23 Nov 2026 10:00:00 UT',
  ];
  for (const date of same) assert.equal(await dateOf(date), noon, date);
  assert.equal(await dateOf('30 Jun 2015 23:59:60 +0000'), Date.UTC(2015, 6, 1) / 1000);
  assert.equal(await dateOf('1 Jan 1970 00:00:00 +0000'), 0);
  assert.equal(await dateOf('31 Dec 9999 23:59:59 +0000'), 253_402_300_799);
  const none = [
    '',
    'yesterday',
    '2026-11-23T10:00:00Z',
    '31 Nov 2026 10:00:00 +0000',
    '0 Nov 2026 10:00:00 +0000',
    '023 Nov 2026 10:00:00 +0000',
    '23 Nov 02026 10:00:00 +0000',
    '31 Nov 2026 10:00:60 +0000',
    '23 Nov 2026 24:00:60 +0000',
    '23 Foo 2026 10:00:00 +0000',
    '23 nov 2026 10:00:00 +0000',
    '23 Nov 2026 24:00:00 +0000',
    '23 Nov 2026 10:60:00 +0000',
    '23 Nov 2026 10:00:61 +0000',
    '23 Nov 2026 10:00:00 +0060',
    '23 Nov 2026 10:00:00 EST',
    '23 Nov 2026 10:00:00',
    '23 Nov 26 10:00:00 +0000',
    '1 Jan 1970 00:00:00 +0001',
    '31 Dec 9999 23:59:59 -0001',
    '23 Nov 2026 10:00:00 +0000 x',
    'x 23 Nov 2026 10:00:00 +0000',
  ];
  for (const date of none) assert.equal(await dateOf(date), null, date);
});

test('line breaks of every kind come out as one, also those inside encodings', async () => {
  const textOf = async (...lines: string[]): Promise<string> => (await parseMessage(bytesOf(...lines))).text;
  assert.equal(await textOf('', 'a\rb', 'c\nd', '', ''), 'a\nb\nc\nd\n');
  const encoded = Buffer.from('a\rb\r\nc\nd\r\r').toString('base64');
  assert.equal(await textOf('Content-Transfer-Encoding: base64', '', encoded), 'a\nb\nc\nd\n');
  const quoted = ['Content-Type: text/html', 'Content-Transfer-Encoding: quoted-printable', '', 'a=0Db=0D=0Ac=0Ad'];
  assert.equal((await parseMessage(bytesOf(...quoted))).html, 'a\nb\nc\nd');
});

test('a message within a message is a part, and its text is nobody’s text', async () => {
  const parsed = await parseMessage(
    bytesOf(
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'outer',
      '--b',
      'Content-Type: message/rfc822',
      'Content-Disposition: inline',
      '',
      'Subject: inner',
      '',
      'inner',
      '--b--',
    ),
  );
  assert.equal(parsed.text, 'outer');
  assert.deepEqual(
    parsed.parts.map(({ type, inline }) => [type, inline]),
    [['message/rfc822', false]],
  );
});

test('sizes, parts, levels and headers have their limits', async () => {
  await assert.rejects(parseMessage(new Uint8Array(32 * 1024 * 1024 + 1)), tooLarge);
  const delimiters = (count: number): Uint8Array => bytesOf('', ...Array.from({ length: count }, () => '--'));
  assert.equal((await parseMessage(delimiters(20_000))).parts.length, 0);
  // One dash, or two in the middle, is no delimiter; the first line may be one.
  await parseMessage(bytesOf('', ...Array.from({ length: 20_001 }, () => '- a--')));
  await assert.rejects(parseMessage(bytesOf(...Array.from({ length: 20_001 }, () => '--'))), tooLarge);
  const largest = new Uint8Array(32 * 1024 * 1024).fill(0x78);
  largest.set(bytesOf('', ''));
  assert.equal((await parseMessage(largest)).text.length, largest.length - 2);
  await assert.rejects(parseMessage(delimiters(20_001)), tooLarge);
  const parts = (count: number): Uint8Array =>
    bytesOf(
      'Content-Type: multipart/mixed; boundary=b',
      '',
      ...Array.from({ length: count }, () => '--b\r\nContent-Type: a/b\r\n\r\nx'),
      '--b--',
    );
  assert.equal((await parseMessage(parts(1000))).parts.length, 1000);
  await assert.rejects(parseMessage(parts(1001)), tooLarge);
  const nested = (depth: number): Uint8Array =>
    bytesOf(
      ...Array.from({ length: depth }, (_, level) => [
        `Content-Type: multipart/mixed; boundary=b${level}x`,
        '',
        `--b${level}x`,
      ]).flat(),
      '',
      'deep',
    );
  assert.equal((await parseMessage(nested(32))).text, 'deep');
  await assert.rejects(parseMessage(nested(33)), { name: 'MimeError', code: 'message_malformed' });
  await assert.rejects(parseMessage(bytesOf(`X: ${'a'.repeat(600_000)}`, '', '')), {
    name: 'MimeError',
    code: 'message_malformed',
  });
});

test('whatever the bytes, the answer is a message or a listed error, and soon', async () => {
  const started = performance.now();
  const fields = { from: { address: 'a@example.org' }, to: [], cc: [], subject: 'ä', text: 'ä', html: '<p>ä</p>' };
  const inline = [{ contentId: 'a@b', type: 'image/png', bytes: new Uint8Array(9) }];
  const sound = composeMessage({ ...fields, inline, dateSeconds: 0, messageId: '<a@b>' });
  const fuzzed = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { maxLength: 12 }).map((changes) => {
    const bytes = sound.slice();
    for (const [at, byte] of changes) bytes[at] = byte;
    return bytes;
  });
  await fc.assert(
    fc.asyncProperty(fc.oneof(fuzzed, fc.uint8Array({ maxLength: 400 })), async (bytes) => {
      try {
        const { subject, text, parts } = await parseMessage(bytes);
        assert.equal(typeof subject + typeof text, 'stringstring');
        assert.ok(parts.every((part) => part.bytes instanceof Uint8Array));
      } catch (error) {
        assert.ok(error instanceof MimeError, String(error));
      }
    }),
    { numRuns: 500 },
  );
  const heavy = [
    bytesOf(`From: ${'('.repeat(100_000)}`, '', ''),
    bytesOf(`From: ${'a,'.repeat(100_000)}`, '', ''),
    bytesOf(`Subject: ${'=?UTF-8?B?QQ==?= '.repeat(20_000)}`, '', ''),
    bytesOf('Content-Type: text/html', '', '<'.repeat(1_000_000)),
    bytesOf('Content-Type: text/html', '', '<a '.repeat(300_000)),
    bytesOf(`References: ${'<'.repeat(200_000)}`, '', ''),
    bytesOf(`Date: ${' '.repeat(200_000)}x`, '', ''),
    bytesOf(`Date: 1 Jan 2026 10:00:00 +0000${' '.repeat(200_000)}(`, '', ''),
  ];
  for (const bytes of heavy) await parseMessage(bytes);
  assert.ok(performance.now() - started < 60_000);
});
