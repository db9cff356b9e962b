import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node } from 'prosemirror-model';
import { docOfText } from './doc-of-text.ts';
import { htmlOf } from './html-of.ts';
import { linkOf, schema } from './schema.ts';
import { textOf } from './text-of.ts';

const say = (text: string, ...marks: string[]): Node =>
  schema.text(
    text,
    marks.map((mark) => (mark === 'strong' || mark === 'em' ? schema.mark(mark) : schema.mark('link', { href: mark }))),
  );
const p = (...content: Node[]): Node => schema.node('paragraph', null, content);
const li = (...content: Node[]): Node => schema.node('list_item', null, content);
const doc = (...content: Node[]): Node => schema.node('doc', null, content);

test('the text alternative says what the HTML says', () => {
  const written = doc(
    p(
      say('See '),
      say('our plan', 'strong', 'https://plan.example/'),
      say(', or '),
      say('plan.example', 'https://plan.example/'),
    ),
    schema.node('bullet_list', null, [
      li(p(say('milk'))),
      li(p(say('bread')), schema.node('ordered_list', null, [li(p(say('rye'))), li(p(say('wheat', 'em')))])),
    ]),
    schema.node('blockquote', null, [
      p(say('At noon?'), schema.node('hard_break'), say('By the river.')),
      p(say('B.')),
    ]),
  );
  assert.equal(
    textOf(written),
    [
      'See our plan <https://plan.example/>, or plan.example',
      '',
      '- milk',
      '- bread',
      '',
      '  1. rye',
      '  2. wheat',
      '',
      '> At noon?',
      '> By the river.',
      '>',
      '> B.',
      '',
    ].join('\n'),
  );
  assert.equal(
    htmlOf(written).replaceAll('\n', ''),
    '<p>See <a href="https://plan.example/"><strong>our plan</strong></a>, or <a href="https://plan.example/">plan.example</a></p>' +
      '<ul><li><p>milk</p></li><li><p>bread</p><ol><li><p>rye</p></li><li><p><em>wheat</em></p></li></ol></li></ul>' +
      '<blockquote><p>At noon?<br>By the river.</p><p>B.</p></blockquote>',
  );
});

test('no text becomes markup, and no address leaves its quotes', () => {
  for (const text of ['<script>', '</em></p><img src=x onerror=alert(1)>', '&lt;b&gt;', '"\'`', '\u0000<!--', ']]>']) {
    const html = htmlOf(doc(p(say(text, 'em'))));
    assert.match(html, /^<p><em>[^<>"]*<\/em><\/p>\n$/);
  }
  const hostile = 'https://a.example/"onclick="alert(1)';
  assert.ok(htmlOf(doc(p(say('x', hostile)))).includes('href="https://a.example/&quot;onclick=&quot;alert(1)"'));
});

test('plain text comes back from formatting as it was: paragraphs, lines, quotes in quotes', () => {
  for (const text of [
    'Hello\n',
    'One\ntwo\n\nthree\n',
    '\nOn Monday, b wrote:\n> yes\n>> no\n> end\n',
    '> a\n>\n> b\n\nc\n',
  ]) {
    const again = textOf(docOfText(text));
    assert.equal(textOf(docOfText(again)), again, text);
    assert.deepEqual(
      again.split('\n').filter((line) => line !== '' && line !== '>'),
      text.split('\n').filter((line) => line !== '' && line !== '>'),
    );
  }
  // Every text of six letters that mean something here.
  const letters = ['a', '>', ' ', '\n', '-'];
  for (let number = 0; number < letters.length ** 6; number += 1) {
    const text = Array.from({ length: 6 }, (_, at) => letters[Math.floor(number / letters.length ** at) % 5]).join('');
    docOfText(text).check();
  }
});

test('only what a reader may follow becomes a link', () => {
  assert.equal(linkOf('plan.example'), 'https://plan.example/');
  assert.equal(linkOf(' http://plan.example/a b '), 'http://plan.example/a%20b');
  assert.equal(linkOf('bob@example.org'), 'mailto:bob@example.org');
  assert.equal(linkOf('plan.example:8443/x'), 'https://plan.example:8443/x');
  for (const typed of [
    '',
    ' ',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'file:///etc',
    'blob:x',
  ])
    assert.equal(linkOf(typed), null, typed);
});
