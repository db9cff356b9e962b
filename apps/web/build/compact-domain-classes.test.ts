import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { compactDomainClasses } from './compact-domain-classes.ts';

const protocol = createRequire(new URL('../../../packages/protocol/package.json', import.meta.url));
const path = protocol.resolve('tr46/lib/regexes.js');
const text = readFileSync(path, 'utf8');

/** All there are but the halves of pairs, which no class names and which would join here. */
const LETTERS = Array.from({ length: 0x11_0000 }, (_, point) =>
  point >= 0xd800 && point <= 0xdfff ? '' : String.fromCodePoint(point),
).join('');

/** What stands around the classes of a rule, and the runs of letters that are in each. */
function meaningOf(rule: RegExp): string {
  const classes = rule.source.match(/\[(?:[^\]\\]|\\.)*\]/g) ?? [];
  const around = classes.reduce((source, each) => source.replace(each, '[]'), rule.source);
  const runs = classes.map((each) =>
    [...LETTERS.matchAll(new RegExp(`${each}+`, 'gu'))].map(({ index, 0: { length } }) => `${index}+${length}`).join(),
  );
  return [around, ...runs].join('\n');
}

test('the rules of domains that the browser makes say of every letter what those of tr46 say', () => {
  const code = compactDomainClasses(text);
  const made: Record<string, RegExp> = {};
  runInNewContext(code, { exports: made });
  const own = protocol('tr46/lib/regexes.js') as Record<string, RegExp>;
  assert.deepEqual(Object.keys(made), Object.keys(own));
  for (const [name, rule] of Object.entries(own)) {
    const rewritten = made[name];
    assert.ok(rewritten);
    assert.equal(rewritten.flags, rule.flags);
    assert.ok(meaningOf(rewritten) === meaningOf(rule), name);
  }
  assert.ok(code.length < text.length / 3, `${code.length} of ${text.length}`);
});
