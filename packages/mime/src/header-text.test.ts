import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listField, mailboxText, messageIdText, textField } from './header-text.ts';

const unfit = { name: 'MimeError', code: 'field_unfit' };
const base64 = (text: string): string => `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;

test('a list is folded before the item that would pass column 76', () => {
  assert.equal(listField('To', [], ','), '');
  assert.equal(listField('To', ['a'], ','), 'To: a\r\n');
  assert.equal(listField('To', ['a', 'b'], ','), 'To: a, b\r\n');
  assert.equal(listField('References', ['<a>', '<b>', '<c>'], ''), 'References: <a> <b> <c>\r\n');
  // "To: " and "a," take 6 columns, the blank before the second item one.
  const fits = 'b'.repeat(69);
  assert.equal(listField('To', ['a', fits], ','), `To: a, ${fits}\r\n`);
  assert.equal(listField('To', ['a', `${fits}b`], ','), `To: a,\r\n ${fits}b\r\n`);
  // The comma counts where another item follows.
  assert.equal(listField('To', ['a', fits, 'c'], ','), `To: a,\r\n ${fits}, c\r\n`);
  // An item alone on its line may be as long as it is.
  const long = 'c'.repeat(80);
  assert.equal(listField('To', [long], ','), `To: ${long}\r\n`);
  assert.equal(listField('To', [long, 'd'], ','), `To: ${long},\r\n d\r\n`);
});

test('a folded line counts from its blank', () => {
  const first = 'a'.repeat(70);
  // " bbbb," takes 6 columns, the blank before the third item one.
  const third = 'c'.repeat(69);
  assert.equal(listField('To', [first, 'bbbb', third], ','), `To: ${first},\r\n bbbb, ${third}\r\n`);
  assert.equal(listField('To', [first, 'bbbb', `${third}c`], ','), `To: ${first},\r\n bbbb,\r\n ${third}c\r\n`);
});

test('an item of several lines counts with its first line before, with its last one after', () => {
  const folded = `${'a'.repeat(40)}\r\n ${'b'.repeat(30)}\r\n ${'b'.repeat(70)}\r\n cc`;
  assert.equal(listField('To', ['x', folded], ','), `To: x, ${folded}\r\n`);
  // " cc," takes 4 columns.
  const fits = 'd'.repeat(71);
  assert.equal(listField('To', [folded, fits], ','), `To: ${folded}, ${fits}\r\n`);
  assert.equal(listField('To', [folded, `${fits}d`], ','), `To: ${folded},\r\n ${fits}d\r\n`);
  const firstLine = 'a'.repeat(69);
  assert.equal(listField('To', ['x', `${firstLine}\r\n b`], ','), `To: x, ${firstLine}\r\n b\r\n`);
  assert.equal(listField('To', ['x', `${firstLine}a\r\n b`], ','), `To: x,\r\n ${firstLine}a\r\n b\r\n`);
});

test('text stands as it is where that is one line that nobody reads otherwise', () => {
  const fits = 'x'.repeat(67);
  for (const text of ['', 'Lunch', 'a  b', 'a = b?', fits]) {
    assert.equal(textField('Subject', text), `Subject: ${text}\r\n`);
  }
  for (const text of [' padded', 'padded ', ' ', 'a\tb', 'Ä', '=?UTF-8?B?QQ==?=', '=?']) {
    assert.equal(textField('Subject', text), `Subject: ${base64(text)}\r\n`);
  }
  assert.equal(
    textField('Subject', `${fits}x`),
    `Subject: ${base64('x'.repeat(39))}\r\n ${base64('x'.repeat(29))}\r\n`,
  );
});

test('encoded words take 39 bytes and then 45 each, and are cut between code points', () => {
  const a = (count: number): string => 'a'.repeat(count);
  const field = (...words: string[]): string => `Subject: ${words.map(base64).join('\r\n ')}\r\n`;
  assert.equal(textField('Subject', `ä${a(37)}`), field(`ä${a(37)}`));
  assert.equal(textField('Subject', `ä${a(38)}`), field(`ä${a(37)}`, 'a'));
  assert.equal(textField('Subject', `ä${a(37)}${a(45)}`), field(`ä${a(37)}`, a(45)));
  assert.equal(textField('Subject', `ä${a(37)}${a(46)}`), field(`ä${a(37)}`, a(45), 'a'));
  assert.equal(textField('Subject', `ä${a(37)}${a(45)}${a(45)}b`), field(`ä${a(37)}`, a(45), a(45), 'b'));
  assert.equal(textField('Subject', `ä${a(36)}ö${a(41)}🐈`), field(`ä${a(36)}`, `ö${a(41)}`, '🐈'));
  // No line is longer than RFC 2047 allows.
  for (const line of textField('Subject', 'ü'.repeat(200)).split('\r\n')) assert.ok(line.length <= 76, line);
});

test('text has at most 2,048 bytes, however many characters they are', () => {
  assert.match(textField('Subject', 'x'.repeat(2048)), /^Subject: =\?UTF-8\?B\?/);
  assert.match(textField('Subject', 'ä'.repeat(1024)), /^Subject: =\?UTF-8\?B\?/);
  for (const text of ['x'.repeat(2049), `x${'ä'.repeat(1024)}`, '€'.repeat(683)]) {
    assert.throws(() => textField('Subject', text), unfit);
    assert.throws(() => mailboxText({ address: 'a@b', name: text }), unfit);
  }
});

test('a mailbox without a name is its address', () => {
  for (const address of ['a@b', 'A.b+c@Example.ORG', "!#$%&'*+/=?^_`{|}~-@x-y.org"]) {
    assert.equal(mailboxText({ address }), address);
    assert.equal(mailboxText({ address, name: '' }), address);
  }
  assert.equal(mailboxText({ address: 'a@b', name: 'x' }), '"x" <a@b>');
  const longest = `${'a'.repeat(242)}@example.org`;
  assert.equal(longest.length, 254);
  assert.equal(mailboxText({ address: longest }), longest);
  for (const address of [`a${longest}`, '@example.org', 'a@', 'a', '', 'a@b_c', 'a@b@c']) {
    assert.throws(() => mailboxText({ address }), unfit, address);
  }
});

test('a name is quoted up to 60 characters, and encoded beyond or where it is not ASCII', () => {
  const address = 'a@b.org';
  assert.equal(mailboxText({ address, name: 'x'.repeat(55) }), `"${'x'.repeat(55)}" <a@b.org>`);
  assert.equal(mailboxText({ address, name: 'x'.repeat(60) }), `"${'x'.repeat(60)}"\r\n <a@b.org>`);
  assert.equal(
    mailboxText({ address, name: 'x'.repeat(61) }),
    `${base64('x'.repeat(39))}\r\n ${base64('x'.repeat(22))} <a@b.org>`,
  );
  assert.equal(mailboxText({ address, name: '"\\' }), String.raw`"\"\\" <a@b.org>`);
  assert.equal(mailboxText({ address, name: 'Ä' }), `${base64('Ä')} <a@b.org>`);
});

test('an address stands on the line of its name while both have 64 characters', () => {
  const address = (lengthChars: number): string => `${'a'.repeat(lengthChars - 6)}@b.org`;
  const name = 'n'.repeat(18);
  assert.equal(mailboxText({ address: address(44), name }), `"${name}" <${address(44)}>`);
  assert.equal(mailboxText({ address: address(45), name }), `"${name}"\r\n <${address(45)}>`);
});

test('a message id has two sides and at most 250 characters', () => {
  const longest = `<${'a'.repeat(246)}@b>`;
  assert.equal(longest.length, 250);
  for (const id of ['<a@b>', '<!;=?~@A-~>', longest]) assert.equal(messageIdText(id), id);
  for (const id of [
    `<a${longest.slice(1)}`,
    '<@b>',
    '<a@>',
    '<@>',
    '<>',
    '',
    'a@b',
    '<a@b',
    'a@b>',
    '<a@b@c>',
    '<a b@c>',
  ]) {
    assert.throws(() => messageIdText(id), unfit, id);
  }
});
