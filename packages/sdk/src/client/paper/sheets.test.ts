import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { formatCard, formatKitLine, formatKitWords, parseCard, parseKitLine, parseKitWords } from '@latchkey/crypto';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { canonicalAddress } from '@latchkey/protocol';
import { encode } from 'uqr';
import type { RecoveryKit, SignInCard } from '../types.ts';
import { cardPage, cardText, kitPage, kitText } from './sheets.ts';

const address = canonicalAddress('alice@example.org');
const origin = 'https://mail.example.org';
const bytes = (lengthBytes: number): Uint8Array => new Uint8Array(randomBytes(lengthBytes));

const accountSecret = bytes(16);
const entropy = bytes(32);
const genesis = bytes(32);
const policy = bytes(32);
const serverKey = randomBytes(32).toString('base64url');

const card: SignInCard = {
  address,
  origin,
  policy: null,
  text: await formatCard(nodeEngine, { accountSecret, address, origin, serverKey, policy: null }),
};
const kit: RecoveryKit = {
  address,
  origin,
  words: formatKitWords(entropy),
  generation: 3,
  dateSeconds: 1_795_392_000,
  policy,
  genesis,
  text: await formatKitLine(nodeEngine, { entropy, address, origin, generation: 3, policy, genesis }),
};

interface Element {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly text: string;
}

const voids = new Set(['meta', 'rect', 'path']);

/** Refuses what is not well-formed: every tag closed in order, every attribute quoted, no stray signs in a text. */
function parsePage(page: string): readonly Element[] {
  assert.ok(page.startsWith('<!doctype html>\n'));
  const elements: Element[] = [];
  const open: { tag: string; attributes: Map<string, string>; text: string }[] = [];
  const token = /<(\/?)([a-z][a-z0-9]*)((?: [a-zA-Z-]+="[^"<>]*")*)(\/?)>|([^<>]+)/gy;
  token.lastIndex = '<!doctype html>'.length;
  let end = token.lastIndex;
  for (let match = token.exec(page); match !== null; match = token.exec(page)) {
    end = token.lastIndex;
    const [, closing, tag = '', attributes = '', selfClosing, text] = match;
    if (text !== undefined) {
      if (open.at(-1)?.tag !== 'style') assert.match(text, /^(?:[^&]|&#\d+;)*$/);
      for (const element of open) element.text += text;
    } else if (closing === '/') {
      assert.equal(open.at(-1)?.tag, tag);
      elements.push(...open.splice(-1));
    } else {
      const pairs = [...attributes.matchAll(/ ([a-zA-Z-]+)="([^"]*)"/g)];
      const element = { tag, attributes: new Map(pairs.map(([, name = '', value = '']) => [name, value])), text: '' };
      if (voids.has(tag)) elements.push(element);
      else open.push(element);
      assert.equal(selfClosing === '/', tag === 'rect' || tag === 'path');
    }
  }
  assert.equal(end, page.length, page.slice(end, end + 60));
  assert.deepEqual(open, []);
  return elements;
}

function all(elements: readonly Element[], tag: string): readonly Element[] {
  return elements.filter((element) => element.tag === tag);
}

function meta(elements: readonly Element[], name: string): string | undefined {
  return all(elements, 'meta')
    .find((each) => (each.attributes.get('name') ?? each.attributes.get('http-equiv')) === name)
    ?.attributes.get('content');
}

for (const [what, page, line] of [
  ['card', cardPage(card), card.text],
  ['kit', kitPage(kit), kit.text],
] as const) {
  test(`the page of the ${what} is well-formed, runs nothing and loads nothing`, () => {
    const elements = parsePage(page);
    const allowed =
      'html head meta title style body header footer main h1 h2 div p strong code ol li span dl dt dd svg rect path';
    for (const { tag, attributes } of elements) {
      assert.ok(allowed.split(' ').includes(tag), tag);
      for (const name of attributes.keys()) assert.doesNotMatch(name, /^(on.*|src|href|style|srcset|data|action)$/);
    }
    assert.doesNotMatch(page, /url\(|@import|javascript:|https?:(?!\/\/mail\.example\.org)/);
    const [style] = all(elements, 'style');
    const hash = createHash('sha256')
      .update(style?.text ?? '')
      .digest('base64');
    assert.equal(
      meta(elements, 'Content-Security-Policy'),
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
    assert.equal(meta(elements, 'referrer'), 'no-referrer');
    assert.equal(meta(elements, 'latchkey-sheet'), line);
  });

  test(`the code of the ${what} is the one of its line`, () => {
    const elements = parsePage(page);
    const [svg] = all(elements, 'svg');
    const [, , width = '', height = ''] = svg?.attributes.get('viewBox')?.split(' ') ?? [];
    assert.equal(width, height);
    const size = Number(width);
    const drawn = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
    const path = all(elements, 'path')[0]?.attributes.get('d') ?? '';
    const runs = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-(\d+)z/gy)];
    assert.equal(runs.map(([run]) => run).join(''), path);
    for (const [, x, y, run, back] of runs) {
      assert.equal(run, back);
      for (let at = 0; at < Number(run); at++) drawn[Number(y)]![Number(x) + at] = true;
    }
    assert.deepEqual(drawn, encode(line, { ecc: 'M', border: 4, boostEcc: false }).data);
    // The quiet zone, and the three corners that every reader looks for first.
    assert.ok(
      drawn
        .slice(0, 4)
        .flat()
        .every((black) => !black),
    );
    for (const [x, y] of [
      [4, 4],
      [size - 11, 4],
      [4, size - 11],
    ] as const) {
      const corner = drawn.slice(y, y + 7).map((row) =>
        row
          .slice(x, x + 7)
          .map((black) => (black ? '#' : '.'))
          .join(''),
      );
      assert.deepEqual(corner, ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######']);
    }
  });
}

test('what stands on the pages opens what it is for', async () => {
  const cardLine = meta(parsePage(cardPage(card)), 'latchkey-sheet') ?? '';
  assert.deepEqual(await parseCard(nodeEngine, cardLine), { accountSecret, address, origin, serverKey, policy: null });
  const elements = parsePage(kitPage(kit));
  const kitLine = await parseKitLine(nodeEngine, meta(elements, 'latchkey-sheet') ?? '');
  assert.deepEqual(kitLine.entropy, entropy);
  const items = all(elements, 'li').map(({ text }) => text);
  assert.deepEqual(
    items.map((text) => text.split(' ')[0]),
    Array.from({ length: 24 }, (_item, at) => String(at + 1)),
  );
  const read = parseKitWords(items.map((text) => text.split(' ')[1]).join(' '));
  assert.ok(read.outcome === 'kit');
  assert.deepEqual(read.entropy, entropy);
});

test('both sheets say what they are about', () => {
  const facts = new Map<string, string>();
  const elements = parsePage(kitPage(kit));
  const values = all(elements, 'dd').map(({ text }) => text);
  for (const [at, { text }] of all(elements, 'dt').entries()) facts.set(text, values[at] ?? '');
  const grouped = (hash: Uint8Array): string => Buffer.from(hash).toString('hex').match(/.{4}/g)?.join(' ') ?? '';
  assert.deepEqual(Object.fromEntries(facts), {
    Address: address,
    Server: origin,
    'Made on': '2026-11-23',
    Generation: '3',
    Policy: grouped(policy),
    'First keys': grouped(genesis),
  });
  assert.equal(all(elements, 'title')[0]?.text, `Recovery kit: ${address}`);
  const cardElements = parsePage(cardPage(card));
  assert.deepEqual(
    all(cardElements, 'dd').map(({ text }) => text),
    [address, origin, 'none published'],
  );
  assert.equal(all(cardElements, 'code')[0]?.text, card.text);
  assert.doesNotMatch(cardPage(card), new RegExp(kit.words.slice(0, 3).join('.*'), 's'));
});

test('nothing that is put into a page can become markup', () => {
  const hostile = '"><script>alert(1)</script>&\'';
  const page = cardPage({ ...card, origin: hostile, text: hostile });
  const elements = parsePage(page);
  assert.equal(all(elements, 'script').length, 0);
  assert.equal(meta(elements, 'latchkey-sheet'), '&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#38;&#39;');
  parsePage(kitPage({ ...kit, words: [hostile, ...kit.words.slice(1)] }));
});

test('a terminal shows the same, with a code of half blocks', () => {
  const lines = cardText(card).split('\n');
  assert.ok(lines.includes(card.text));
  const drawn = lines.filter((line) => /^[█▀▄ ]{20,}$/.test(line));
  const { data } = encode(card.text, { ecc: 'M', border: 4, boostEcc: false });
  const white = drawn.flatMap((line) => [
    line.split('').map((sign) => sign === '█' || sign === '▀'),
    line.split('').map((sign) => sign === '█' || sign === '▄'),
  ]);
  assert.deepEqual(
    white.slice(0, data.length).map((row) => row.map((isWhite) => !isWhite)),
    data,
  );
  const text = kitText(kit);
  const [, , words = ''] = text.split('\n\n');
  const numbered = [...words.matchAll(/(\d+) ([a-z]{3,8})(?= |$)/gm)]
    .map(([, number, word]) => [Number(number), word] as const)
    .toSorted(([one], [other]) => one - other);
  assert.deepEqual(
    numbered.map(([, word]) => word),
    kit.words,
  );
  assert.match(text, /Made on {5}2026-11-23\nGeneration {2}3\n/);
});
