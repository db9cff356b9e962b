import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { toASCII } from 'tr46';
import { ProtocolError } from '../errors.ts';
import { MAX_ADDRESS_CHARS, MAX_ADDRESS_INPUT_CHARS } from '../limits.ts';
import { canonicalAddress, parseAddress } from './canonical-address.ts';
import { canonicalDomain } from './canonical-domain.ts';
import { displayAddress } from './display-address.ts';

const likely = fc
  .tuple(
    fc.string({ unit: fc.constantFrom('a', 'b', 'Z', '9', '.a', '-a', '_a', 'é'), minLength: 1, maxLength: 6 }),
    fc.constantFrom('', '+', '+tag', '+Tag.2', '+é'),
    fc.array(
      fc.constantFrom('a', 'Z', '9', 'ü', 'ß', 'п', '日', '本', '\u05d0', '\u200d', '\u212a', 'xn--', '-', '。a'),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
  )
  .map(([local, tag, domain]) => `${local}${tag}@${domain.join('')}.example`);

test('the canonical form is its own canonical form, and is shown without failing', () => {
  let accepted = 0;
  fc.assert(
    fc.property(likely, (input) => {
      const address = canonicalOrNull(input);
      if (address === null) return;
      accepted += 1;
      assert.equal(parseAddress(address), address);
      assert.match(address, /^[a-z0-9._-]+@[a-z0-9.-]+$/);
      assert.equal(canonicalAddress(displayAddress(parseAddress(address))), address);
    }),
    { numRuns: 3000 },
  );
  assert.ok(accepted > 100, 'the generator must reach accepted addresses');
});

test('a Latin letter among the scripts of one language shows the A-labels', () => {
  assert.equal(displayAddress(canonicalAddress('a@ひと.みんな')), 'a@ひと.みんな');
  for (const domain of ['xひと.みんな', 'ひxと.みんな']) {
    const address = canonicalAddress(`a@${domain}`);
    assert.match(address, /^a@xn--/);
    assert.equal(displayAddress(address), address);
  }
});

test('a domain that is taken as it stands is one that UTS 46 leaves as it is', () => {
  const piece = fc.constantFrom('a', 'z', '0', '-', '.', '--', 'xn--', 'a'.repeat(62), 'b'.repeat(124), 'Z', '_', 'é');
  let plain = 0;
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (pieces) => {
      const domain = `${pieces.join('')}.example`;
      const byTheRules = toASCII(domain, {
        checkBidi: true,
        checkHyphens: true,
        checkJoiners: true,
        useSTD3ASCIIRules: true,
        verifyDNSLength: true,
      });
      if (byTheRules === null) assert.throws(() => canonicalDomain(domain), { code: 'address_malformed' });
      else assert.equal(canonicalDomain(domain), byTheRules);
      if (byTheRules === domain) plain += 1;
    }),
    { numRuns: 3000 },
  );
  assert.ok(plain > 100, 'the generator must reach domains that are taken as they stand');
});

test('any text is an address or refused with a code', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (input) => void canonicalOrNull(`${input}@${input}.org`)));
});

test('the limits are those of the specification', () => {
  assert.equal(MAX_ADDRESS_CHARS, 254);
  assert.equal(MAX_ADDRESS_INPUT_CHARS, 1024);
});

function canonicalOrNull(input: string): string | null {
  try {
    return canonicalAddress(input);
  } catch (error) {
    assert.ok(error instanceof ProtocolError);
    assert.equal(error.code, 'address_malformed');
    return null;
  }
}
