import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { composeMessage } from './compose-message.ts';
import type { MessageFields } from './message.ts';
import { parseMessage } from './parse-message.ts';

const plain: MessageFields = {
  from: { address: 'alice@example.org' },
  to: [{ address: 'bob@example.org' }],
  cc: [],
  subject: 'Lunch',
  text: 'At noon?',
  dateSeconds: 1_795_428_000,
  messageId: '<1@example.org>',
};
const textOf = (fields: Partial<MessageFields>): string =>
  Buffer.from(composeMessage({ ...plain, ...fields })).toString('latin1');
const unfit = { name: 'MimeError', code: 'field_unfit' };

test('a plain message is these bytes', () => {
  const lines = [
    'Date: Mon, 23 Nov 2026 10:00:00 +0000',
    'From: alice@example.org',
    'To: bob@example.org',
    'Subject: Lunch',
    'Message-ID: <1@example.org>',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 7bit',
    '',
    'At noon?',
    '',
  ];
  assert.equal(textOf({}), lines.join('\r\n'));
});

test('everything at once is these bytes', () => {
  const text = textOf({
    from: { address: 'alice@example.org', name: 'Alice "A" \\ Example' },
    to: [],
    cc: [{ address: 'carol@example.org', name: 'Çarol' }],
    subject: 'Grüße',
    text: 'hällo\nFrom me ',
    html: '<p>hi</p>',
    inline: [{ contentId: 'a@b', type: 'image/png', bytes: Uint8Array.of(1, 2, 3, 4) }],
    inReplyTo: '<x@y>',
    references: ['<v@y>', '<x@y>'],
  });
  const lines = [
    'Date: Mon, 23 Nov 2026 10:00:00 +0000',
    'From: "Alice \\"A\\" \\\\ Example" <alice@example.org>',
    'Cc: =?UTF-8?B?w4dhcm9s?= <carol@example.org>',
    'Subject: =?UTF-8?B?R3LDvMOfZQ==?=',
    'Message-ID: <1@example.org>',
    'In-Reply-To: <x@y>',
    'References: <v@y> <x@y>',
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary="=_latchkey-alternative"',
    '',
    '--=_latchkey-alternative',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'h=C3=A4llo',
    '=46rom me=20',
    '--=_latchkey-alternative',
    'Content-Type: multipart/related; boundary="=_latchkey-related"',
    '',
    '--=_latchkey-related',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: 7bit',
    '',
    '<p>hi</p>',
    '--=_latchkey-related',
    'Content-Type: image/png',
    'Content-ID: <a@b>',
    'Content-Disposition: inline',
    'Content-Transfer-Encoding: base64',
    '',
    'AQIDBA==',
    '--=_latchkey-related--',
    '--=_latchkey-alternative--',
    '',
  ];
  assert.equal(text, lines.join('\r\n'));
});

test('lines that nobody would read are not written', () => {
  assert.ok(textOf({ text: '--\n'.repeat(20_000) }).length > 60_000);
  assert.throws(() => textOf({ text: '--\n'.repeat(20_001) }), { name: 'MimeError', code: 'message_too_large' });
});

test('no line can be made inside a header', () => {
  for (const bad of [
    'a\r\nBcc: x@example.org',
    'a\nb',
    'a\rb',
    'a\0b',
    'a\u0085b',
    'a\u2028b',
    '\ud800',
    'x'.repeat(2049),
  ]) {
    assert.throws(() => textOf({ subject: bad }), unfit, JSON.stringify(bad.slice(0, 30)));
    assert.throws(() => textOf({ from: { address: 'a@example.org', name: bad } }), unfit);
  }
  const addresses = [
    'a@example.org\r\nBcc: b@example.org',
    'a',
    '@',
    'a b@example.org',
    'a@example.org, b@example.org',
    'a@exa<mple.org',
    `${'a'.repeat(250)}@b.org`,
    'ä@example.org',
  ];
  for (const address of addresses) {
    assert.throws(() => textOf({ from: { address } }), unfit, address.slice(0, 30));
    assert.throws(() => textOf({ to: [{ address }] }), unfit);
    assert.throws(() => textOf({ cc: [{ address }] }), unfit);
  }
  for (const id of ['a@b', '<a>', '<a@b', '<a@b>\r\nX: y', '<a @b>', '<a@b><c@d>', `<${'a'.repeat(250)}@b>`]) {
    assert.throws(() => textOf({ messageId: id }), unfit, id);
    assert.throws(() => textOf({ inReplyTo: id }), unfit);
    assert.throws(() => textOf({ references: [id] }), unfit);
  }
  const part = { contentId: 'a@b', type: 'image/png', bytes: new Uint8Array(1) };
  for (const type of ['image', 'image/png\r\nX: y', 'IMAGE/PNG', 'image/png; a=b', '/']) {
    assert.throws(() => textOf({ html: '', inline: [{ ...part, type }] }), unfit, type);
  }
  assert.throws(() => textOf({ html: '', inline: [{ ...part, contentId: 'a@b>\r\nX: <c@d' }] }), unfit);
  assert.throws(() => textOf({ inline: [part] }), unfit);
  assert.throws(() => textOf({ references: Array.from({ length: 65 }, () => '<a@b>') }), unfit);
  assert.throws(() => textOf({ text: '\ud800' }), unfit);
  for (const dateSeconds of [-1, 0.5, Number.NaN, 253_402_300_800]) assert.throws(() => textOf({ dateSeconds }), unfit);
});

test('lists are folded between their items, none of them is broken', () => {
  const to = Array.from({ length: 30 }, (_, index) => ({ address: `recipient-${index}@example.org` }));
  const header = textOf({ to }).split('\r\n\r\n')[0] ?? '';
  for (const line of header.split('\r\n')) assert.ok(line.length <= 76, line);
  const field = /To: ([^]*?)\r\n(?! )/.exec(header)?.[1];
  assert.equal(field?.replaceAll('\r\n', ''), to.map(({ address }) => address).join(', '));
  const long = `${'a'.repeat(60)}@${'b'.repeat(60)}.${'c'.repeat(60)}.example.org`;
  assert.match(textOf({ to: [{ address: long }, { address: long }] }), new RegExp(`To: ${long},\r\n ${long}\r\n`));
});

test('what a reader could take for an encoded word is encoded', async () => {
  for (const subject of [
    '=?UTF-8?B?QQ==?=',
    ' padded ',
    '',
    'a  b',
    'x'.repeat(67),
    'x'.repeat(68),
    'ä🐈'.repeat(40),
  ]) {
    const bytes = composeMessage({ ...plain, subject });
    assert.equal((await parseMessage(bytes)).subject, subject);
    for (const line of Buffer.from(bytes).toString('latin1').split('\r\n')) assert.ok(line.length <= 76, line);
  }
});

test('long names are folded, and come back whole', async () => {
  const people = ['ä'.repeat(100), 'Ç', 'x'.repeat(61), `"quoted" ${'y'.repeat(20)}`].map((name, index) => ({
    address: `${'recipient'.repeat(4)}-${index}@example.org`,
    name,
  }));
  const bytes = composeMessage({ ...plain, from: people[0] ?? plain.from, to: people, cc: people.toReversed() });
  for (const line of Buffer.from(bytes).toString('latin1').split('\r\n')) assert.ok(line.length <= 76, line);
  const parsed = await parseMessage(bytes);
  assert.deepEqual([parsed.from, parsed.to, parsed.cc], [people.slice(0, 1), people, people.toReversed()]);
});

test('text goes as it is where every program takes it so, else quoted-printable', () => {
  const encodingOf = (text: string): string | undefined => /Encoding: (\S+)/.exec(textOf({ text }))?.[1];
  for (const text of ['', 'a\tb', 'a'.repeat(998), 'a \n b', 'xFrom ', ' From '])
    assert.equal(encodingOf(text), '7bit', text);
  for (const text of ['ä', 'a'.repeat(999), 'From ', 'x\nFrom ', 'a=_b', '\0', '\x7f', '--=_latchkey-mixed']) {
    assert.equal(encodingOf(text), 'quoted-printable', text);
  }
});

test('line breaks of every kind become one kind, and the last one counts as none', () => {
  const forms = ['a\nb', 'a\r\nb', 'a\rb', 'a\nb\n', 'a\r\nb\r\n'];
  assert.deepEqual(new Set(forms.map((text) => textOf({ text }))).size, 1);
  assert.notEqual(textOf({ text: 'a\nb\n\n' }), textOf({ text: 'a\nb' }));
});

test('quoted-printable keeps to 76 columns and never begins a line with "From "', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      const bytes = Buffer.from(composeMessage({ ...plain, text: `ä${text}From ${text}` })).toString('latin1');
      const [, body = ''] = bytes.split('\r\n\r\n');
      for (const line of body.split('\r\n')) {
        assert.ok(line.length <= 76);
        assert.ok(!line.startsWith('From '));
        assert.match(line, /^(?:[!-<>-~]|[ \t](?!$)|=[0-9A-F]{2})*=?$/);
      }
    }),
  );
  const soft = Buffer.from(composeMessage({ ...plain, text: `${'ä'.repeat(12)}xxxFrom xx` })).toString('latin1');
  assert.match(soft, /=\r\n=46rom xx\r\n/);
});

test('what was composed is parsed again', async () => {
  const words = fc
    .string({ unit: 'grapheme', maxLength: 60 })
    .map((text) => text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ').toWellFormed());
  const body = fc.string({ unit: 'grapheme', maxLength: 200 }).map((text) => text.replaceAll('\0', '').toWellFormed());
  await fc.assert(
    fc.asyncProperty(
      words,
      body,
      fc.option(body),
      fc.nat(253_402_300_799),
      async (subject, text, html, dateSeconds) => {
        const fields = { ...plain, subject, text, dateSeconds, ...(html === null ? {} : { html }) };
        const parsed = await parseMessage(composeMessage(fields));
        const lines = (written: string): string => written.replaceAll(/\r\n?/g, '\n').replace(/\n$/, '');
        assert.equal(parsed.subject, subject);
        assert.equal(parsed.text, lines(text));
        assert.equal(parsed.dateSeconds, dateSeconds);
        if (html !== null && html !== '') assert.equal(lines(parsed.html ?? ''), lines(html));
        assert.deepEqual([parsed.from, parsed.to, parsed.cc], [[plain.from], plain.to, []]);
        assert.equal(parsed.messageId, plain.messageId);
      },
    ),
    { numRuns: 200 },
  );
});

test('a message that is too large is refused', () => {
  assert.throws(() => textOf({ text: `${'a'.repeat(70)}\n`.repeat(500_000) }), {
    name: 'MimeError',
    code: 'message_too_large',
  });
});
