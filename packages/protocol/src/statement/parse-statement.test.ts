import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { MAX_STATEMENT_CHARS } from '../limits.ts';
import { parseStatement } from './parse-statement.ts';

const folder = new URL('../../../../vectors/statements/', import.meta.url);
const accepted = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => (JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Vectors).accept);

interface Vectors {
  readonly accept: readonly { readonly name: string; readonly text: string }[];
}

function acceptedText(kind: string): string {
  const found = accepted.find(({ text }) => text.startsWith(`latchkey/${kind}/v1\n`));
  assert.ok(found);
  return found.text;
}

test('a statement has a maximum size', () => {
  assert.equal(MAX_STATEMENT_CHARS, 1_048_576);
  const longest = `latchkey/act/v1\n${'a'.repeat(MAX_STATEMENT_CHARS - 16)}`;
  assert.throws(() => parseStatement(longest), { code: 'statement_malformed' });
  assert.throws(() => parseStatement(`${longest}a`), { code: 'statement_too_large' });
});

test('the text is no property of an object', () => {
  for (const kind of ['__proto__', 'constructor', 'toString', '']) {
    assert.throws(() => parseStatement(`${kind}\n`), { code: 'statement_kind_unknown' });
  }
});

test('a line that has lost its last value, or all of them, is refused with a code', () => {
  let tried = 0;
  for (const { name, text } of accepted) {
    const lines = text.split('\n');
    for (const [at, line] of lines.entries()) {
      if (at === 0 || !line.includes(' ')) continue;
      for (const shorter of [line.slice(0, line.lastIndexOf(' ')), line.slice(0, line.indexOf(' ') + 1)]) {
        const changed = lines.with(at, shorter).join('\n');
        assert.throws(
          () => parseStatement(changed),
          { name: 'ProtocolError', code: /^(statement|address)_/ },
          `${name}: ${shorter}`,
        );
        tried += 1;
      }
    }
  }
  assert.ok(tried > 100, 'the vectors must have lines with values');
});

test('each action that an owner can sign is known, and nothing is none', () => {
  const act = acceptedText('act');
  const withAction = (action: string): string => act.replace(/^action .*$/m, `action ${action}`);
  for (const action of [
    'log-in',
    'change-latches',
    'update-identity',
    'delete-account',
    'export-account',
    'move-account',
  ]) {
    const statement = parseStatement(withAction(action));
    assert.equal(statement.kind === 'latchkey/act/v1' && statement.action, action);
  }
  for (const action of ['', 'log-out']) {
    assert.throws(() => parseStatement(withAction(action)), { code: 'statement_malformed' });
  }
});

test('ports of an origin have one to five digits', () => {
  const act = acceptedText('act');
  const withOrigin = (origin: string): string => act.replace(/^origin .*$/m, `origin ${origin}`);
  for (const port of ['8', '80', '65535']) {
    const statement = parseStatement(withOrigin(`https://mail.example.org:${port}`));
    assert.equal(statement.kind === 'latchkey/act/v1' && statement.origin, `https://mail.example.org:${port}`);
  }
  for (const port of ['0', '08', '443', '65536', '']) {
    assert.throws(() => parseStatement(withOrigin(`https://mail.example.org:${port}`)), { code: /^statement_/ });
  }
});

test('even a file of no bytes has a part', () => {
  const text = acceptedText('file')
    .replace(/^size .*$/m, 'size 0')
    .replaceAll(/^part .*\n/gm, '');
  assert.throws(() => parseStatement(text), { code: 'statement_inconsistent' });
});
