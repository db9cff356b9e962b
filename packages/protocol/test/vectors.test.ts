import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { canonicalAddress, parseAddress } from '../src/address/canonical-address.ts';
import { displayAddress } from '../src/address/display-address.ts';
import { formatStatement } from '../src/statement/format-statement.ts';
import { parseStatement } from '../src/statement/parse-statement.ts';
import { identityKeyName, statementHash } from '../src/statement/statement-hash.ts';

interface StatementVectors {
  readonly accept: readonly {
    readonly name: string;
    readonly text: string;
    readonly hash: string;
    readonly keyName?: string;
  }[];
  readonly reject: readonly Readonly<Record<'name' | 'base' | 'find' | 'replace' | 'code', string>>[];
}

interface AddressVectors {
  readonly accept: readonly Readonly<Record<'input' | 'canonical' | 'display', string>>[];
  readonly reject: readonly Readonly<Record<'name' | 'input' | 'code', string>>[];
}

const folder = new URL('../../../vectors/', import.meta.url);
const kinds = readdirSync(new URL('statements/', folder)).filter((file) => file.endsWith('.json'));
assert.equal(kinds.length, 7);

for (const file of kinds) {
  const { accept, reject } = JSON.parse(
    readFileSync(new URL(`statements/${file}`, folder), 'utf8'),
  ) as StatementVectors;
  for (const { name, text, hash, keyName } of accept) {
    test(`${file} accepted: ${name}`, () => {
      const statement = parseStatement(text);
      assert.equal(formatStatement(statement), text);
      assert.equal(Buffer.from(statementHash(statement)).toString('base64'), hash);
      assert.equal(statement.kind === 'latchkey/identity/v1' ? identityKeyName(statement) : undefined, keyName);
    });
  }
  for (const { name, base, find, replace, code } of reject) {
    test(`${file} refused: ${name}`, () => {
      const text = accept.find((vector) => vector.name === base)?.text;
      assert.ok(text?.includes(find) === true);
      // A function, because a string may hold `$` with a meaning.
      const changed = text.replace(find, () => replace);
      assert.throws(() => parseStatement(changed), { name: 'ProtocolError', code });
    });
  }
}

const addresses = JSON.parse(readFileSync(new URL('addresses/addresses.json', folder), 'utf8')) as AddressVectors;

for (const { input, canonical, display } of addresses.accept) {
  test(`address: ${JSON.stringify(input.slice(0, 50))}`, () => {
    const address = canonicalAddress(input);
    assert.equal(address, canonical);
    assert.equal(displayAddress(address), display);
    assert.equal(parseAddress(canonical), canonical);
    if (input !== canonical) {
      assert.throws(() => parseAddress(input), { name: 'ProtocolError', code: 'address_not_canonical' });
    }
  });
}

for (const { name, input, code } of addresses.reject) {
  test(`address refused: ${name}`, () => {
    assert.throws(() => canonicalAddress(input), { name: 'ProtocolError', code });
    assert.throws(() => parseAddress(input), { name: 'ProtocolError', code });
  });
}
