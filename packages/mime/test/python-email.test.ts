/** Python's email package reads what we write, and we read what it writes. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { outsideProgram } from '@latchkey/testkit';
import { composeMessage, exportMessage, parseMessage, type MessageFields } from '../src/index.ts';

const script = join(import.meta.dirname, 'read-mail.py');

function python(t: TestContext, input: Uint8Array | null): Buffer | null {
  const program = outsideProgram('python3');
  if (program === null) {
    t.skip('python3 is not installed');
    return null;
  }
  const { status, stdout, stderr } = spawnSync(program, input === null ? [script, 'write'] : [script], {
    ...(input === null ? {} : { input }),
    maxBuffer: 64 * 1024 * 1024,
  });
  assert.equal(status, 0, stderr.toString());
  return stdout;
}

interface Read {
  readonly [field: string]: unknown;
  readonly files: readonly [string | null, string, string | null, string | null, string][];
}

function readBy(t: TestContext, message: Uint8Array): Read | null {
  const output = python(t, message);
  return output === null ? null : (JSON.parse(output.toString()) as Read);
}

/** One kind of line break, and the last one counts as none. */
const linesOf = (text: unknown): string => String(text).replaceAll('\r\n', '\n').replace(/\n$/, '');

const fields: MessageFields = {
  // One encoded word: Python keeps the blank between two of them in a display name, against RFC 2047 6.2.
  from: { address: 'alice@example.org', name: 'Ålice, "née" Example' },
  to: Array.from({ length: 20 }, (_, index) => ({ address: `recipient-${index}@example.org` })),
  cc: [{ address: 'carol@example.org', name: '陳大文' }],
  subject: `Grüße 🐈 ${'aus Köln '.repeat(12)}`,
  text: `Zeile eins – äöü\n\n${'x'.repeat(1200)}\nFrom here \n.\n--=_latchkey-alternative\n`,
  html: `<p>=_ ä</p>${'<i>long</i>'.repeat(100)}\n`,
  inline: [
    { contentId: 'logo@example.org', type: 'image/png', bytes: Uint8Array.from({ length: 200 }, (_, at) => at) },
  ],
  dateSeconds: 1_795_428_000,
  messageId: '<one@example.org>',
  inReplyTo: '<zero@example.org>',
  references: ['<zero@example.org>', '<half@example.org>'],
};

test('what we write, Python reads without a defect', (t) => {
  const read = readBy(t, composeMessage(fields));
  if (read === null) return;
  const named = ({ address, name = '' }: { address: string; name?: string }): [string, string] => [name, address];
  assert.deepEqual(read['defects'], []);
  assert.deepEqual(read['from'], [named(fields.from)]);
  assert.deepEqual(read['to'], fields.to.map(named));
  assert.deepEqual(read['cc'], fields.cc.map(named));
  assert.equal(read['subject'], fields.subject);
  assert.equal(read['date'], fields.dateSeconds);
  assert.equal(read['id'], fields.messageId);
  assert.equal(read['references'], '<zero@example.org> <half@example.org>');
  assert.equal(linesOf(read['text']), linesOf(fields.text));
  assert.equal(linesOf(read['html']), linesOf(fields.html));
  const bytes = Buffer.from(fields.inline?.[0]?.bytes ?? []).toString('hex');
  assert.deepEqual(read.files, [[null, 'image/png', '<logo@example.org>', 'inline', bytes]]);
});

test('a text alone, in each encoding and empty, is read alike', (t) => {
  for (const text of [
    '',
    'plain',
    'ä',
    'From a\nFrom b',
    'trailing \n \nx',
    '\ttab',
    '\u0000\u0001',
    '=',
    'a'.repeat(3000),
  ]) {
    const { html: _html, inline: _inline, ...plain } = fields;
    const read = readBy(t, composeMessage({ ...plain, text }));
    if (read === null) return;
    assert.deepEqual(read['defects'], []);
    assert.equal(linesOf(read['text']), text, JSON.stringify(text.slice(0, 20)));
  }
});

test('what Python writes, we read', async (t) => {
  const message = python(t, null);
  if (message === null) return;
  const parsed = await parseMessage(message);
  assert.deepEqual(parsed.from, [{ address: 'alice@example.org', name: 'Ålice, née Example' }]);
  assert.deepEqual(parsed.to, [{ address: 'bob@example.org' }, { address: 'carol@example.org', name: 'Carol (work)' }]);
  assert.deepEqual(parsed.cc, [{ address: 'dave@example.org' }]);
  assert.equal(parsed.subject, `${'Grüße aus Köln '.repeat(12)}🐈`);
  assert.equal(parsed.dateSeconds, 1_795_428_000);
  assert.equal(parsed.messageId, '<one@example.org>');
  assert.deepEqual(parsed.references, ['<zero@example.org>', '<half@example.org>']);
  assert.equal(linesOf(parsed.text), `${'Zeile eins – mit Umlauten äöü\n'.repeat(3)}${'x'.repeat(1200)}`);
  assert.equal(linesOf(parsed.html), '<p>Zeile <b>eins</b></p>');
  assert.deepEqual(
    parsed.parts.map(({ name, type, contentId, inline, bytes }) => [name, type, contentId, inline, bytes.length]),
    [
      [null, 'image/png', 'logo@example.org', true, 150],
      ['Übersicht für März.pdf', 'application/pdf', null, false, 396],
    ],
  );
});

test('an exported message keeps its body and brings its attachments', async (t) => {
  const contents = [0, 1, 56, 57, 58, 49_019, 49_020, 49_021, 150_000].map((size) => Buffer.alloc(size, 'attachment'));
  const names = [
    'a.txt',
    'Übersicht für März 陳大文 und noch viel mehr.pdf',
    'q"uote\\.txt',
    'x'.repeat(300),
    'semi;colon',
    'two  blanks',
    '🐈',
    "it's",
    '%41',
  ];
  const exported: Uint8Array[] = [];
  const attachments = contents.map((content, index) => ({
    name: names[index] ?? '',
    type: index === 3 ? 'message/rfc822' : 'application/pdf',
    async *read() {
      for (let at = 0; at < content.length; at += 1000) yield content.subarray(at, at + 1000);
    },
  }));
  for await (const piece of exportMessage(composeMessage(fields), attachments)) exported.push(piece);
  const whole = Buffer.concat(exported);
  for (const line of whole.toString('latin1').split('\r\n')) assert.ok(line.length <= 78, line);
  const parsed = await parseMessage(whole);
  assert.equal(parsed.text, linesOf(fields.text));
  const files = parsed.parts.filter(({ inline }) => !inline);
  assert.deepEqual(
    files.map(({ name }) => name),
    names,
  );
  assert.deepEqual(
    files.map(({ bytes }) => Buffer.from(bytes)),
    contents,
  );
  const read = readBy(t, whole);
  if (read === null) return;
  assert.deepEqual(read['defects'], []);
  assert.equal(read['subject'], fields.subject);
  assert.equal(linesOf(read['text']), linesOf(fields.text));
  assert.deepEqual(
    read.files.slice(1).map(([name]) => name),
    names,
  );
  assert.deepEqual(
    read.files.slice(1).map((file) => file[4]),
    contents.map((content) => content.toString('hex')),
  );
  assert.equal(read.files[4]?.[1], 'application/octet-stream');
});
