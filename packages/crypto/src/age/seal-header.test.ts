import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode, patternBytes } from '../../test/streams.ts';
import { nodeEngine } from '../engine-node/node-engine.ts';
import { nobleEngine } from '../engine/noble-engine.ts';
import { asciiBytes, textOfBytes } from './bytes.ts';
import { parseHeader } from './header.ts';
import { type Identity, generateIdentity, recipientOf } from './identity.ts';
import type { RecipientKind, WrapKind } from './kinds.ts';
import { openHeader } from './open-header.ts';
import type { Recipient } from './recipient.ts';
import { sealHeader } from './seal-header.ts';

const fileKey = patternBytes(16);
const passphrase = asciiBytes('correct horse');

interface Pair {
  readonly recipient: Recipient;
  readonly identity: Identity;
}

async function pairOf(kind: RecipientKind): Promise<Pair> {
  if (kind === 'scrypt') return { recipient: { kind, passphrase, logN: 2 }, identity: { kind, passphrase } };
  const identity = generateIdentity(nodeEngine, kind);
  return { recipient: await recipientOf(nodeEngine, identity), identity };
}

const KINDS: readonly RecipientKind[] = ['mlkem768x25519', 'X25519', 'scrypt'];
const headerFor = async (recipients: readonly Recipient[], wrappedBefore: readonly WrapKind[] = []) =>
  sealHeader(nodeEngine, { fileKey, recipients, wrappedBefore });
const opened = async (header: Uint8Array, ...identities: readonly Identity[]) =>
  openHeader(nodeEngine, { header, identities });

for (const sealer of [nodeEngine, nobleEngine]) {
  for (const opener of [nodeEngine, nobleEngine]) {
    test(`a header sealed by ${sealer.name} is opened by ${opener.name}, for every kind`, async () => {
      for (const kind of KINDS) {
        const { recipient, identity } = await pairOf(kind);
        const header = await sealHeader(sealer, { fileKey, recipients: [recipient], wrappedBefore: [] });
        const found = await openHeader(opener, { header, identities: [identity] });
        assert.deepEqual(found, { fileKey, openedBy: kind });
      }
    });
  }
}

test('each recipient of many opens, wherever it stands and whatever other identities are tried', async () => {
  for (const kind of ['mlkem768x25519', 'X25519'] as const) {
    const pairs = await Promise.all([1, 2, 3].map(() => pairOf(kind)));
    const header = await headerFor(pairs.map(({ recipient }) => recipient));
    for (const { identity } of pairs) assert.deepEqual((await opened(header, identity))?.fileKey, fileKey);
    const strangers = await Promise.all([pairOf('mlkem768x25519'), pairOf('X25519')]);
    const identities = [...strangers, pairs[2]!].map(({ identity }) => identity);
    assert.deepEqual(await opened(header, ...identities), { fileKey, openedBy: kind });
  }
});

test('whom it is not for, gets null', async () => {
  for (const kind of ['mlkem768x25519', 'X25519'] as const) {
    const header = await headerFor([(await pairOf(kind)).recipient]);
    const strangers = await Promise.all(KINDS.map(pairOf));
    assert.equal(await opened(header, ...strangers.map(({ identity }) => identity)), null);
    assert.equal(await opened(header), null);
  }
});

test('a wrong passphrase is an error of its own; no passphrase at all is not', async () => {
  const header = await headerFor([(await pairOf('scrypt')).recipient]);
  const wrong = { kind: 'scrypt', passphrase: asciiBytes('wrong') } as const;
  await assert.rejects(opened(header, wrong), hasCode('passphrase_wrong'));
  assert.equal(await opened(header, (await pairOf('X25519')).identity), null);
  assert.deepEqual((await opened(header, wrong, { kind: 'scrypt', passphrase }))?.fileKey, fileKey);
});

test('a passphrase that asks for too much work is refused before any is done', async () => {
  const engine = { ...nodeEngine, scrypt: () => assert.fail('work was done') };
  const header = await headerFor([{ kind: 'scrypt', passphrase, logN: 3 }]);
  const identity = { kind: 'scrypt', passphrase, maxLogN: 2 } as const;
  await assert.rejects(openHeader(engine, { header, identities: [identity] }), hasCode('passphrase_work_too_high'));
  assert.ok(await opened(header, { ...identity, maxLogN: 3 }));
  const high = asciiBytes(textOfBytes(header).replace(/ 3\n/, ' 21\n'));
  await assert.rejects(
    openHeader(engine, { header: high, identities: [{ kind: 'scrypt', passphrase }] }),
    hasCode('passphrase_work_too_high'),
  );
});

test('the work factor is 18 unless told otherwise, and at most 20', async () => {
  const seen: number[] = [];
  const engine = {
    ...nodeEngine,
    scrypt: ({ logN }: { logN: number }) => {
      seen.push(logN);
      return new Uint8Array(32);
    },
  };
  const withWork = async (recipient: Recipient) =>
    textOfBytes(await sealHeader(engine, { fileKey, recipients: [recipient], wrappedBefore: [] }));
  assert.match(await withWork({ kind: 'scrypt', passphrase }), / 18\n/);
  assert.match(await withWork({ kind: 'scrypt', passphrase, logN: 1 }), / 1\n/);
  assert.match(await withWork({ kind: 'scrypt', passphrase, logN: 20 }), / 20\n/);
  assert.deepEqual(seen, [18, 1, 20]);
  const stanzaWith20 = asciiBytes(await withWork({ kind: 'scrypt', passphrase, logN: 20 }));
  assert.ok(await openHeader(engine, { header: stanzaWith20, identities: [{ kind: 'scrypt', passphrase }] }));
  for (const logN of [0, -1, 21, 1.5, NaN])
    await assert.rejects(withWork({ kind: 'scrypt', passphrase, logN }), hasCode('argument_invalid'));
  await assert.rejects(withWork({ kind: 'scrypt', passphrase: new Uint8Array(0) }), hasCode('argument_invalid'));
});

test('every pair of recipient kinds, in one header and in two', async () => {
  const one = Object.fromEntries(
    await Promise.all(KINDS.map(async (kind) => [kind, (await pairOf(kind)).recipient] as const)),
  );
  const codes: Record<string, string> = {};
  const codeOf = async (sealed: Promise<unknown>) =>
    sealed.then(
      () => 'sealed',
      (error: { code: string }) => error.code,
    );
  for (const first of KINDS) {
    for (const second of KINDS) {
      codes[`${first}+${second}`] = await codeOf(headerFor([one[first]!, one[second]!]));
      codes[`${first}, then ${second}`] = await codeOf(headerFor([one[second]!], [first]));
    }
  }
  for (const kind of KINDS) codes[`secret256, then ${kind}`] = await codeOf(headerFor([one[kind]!], ['secret256']));
  assert.deepEqual(codes, {
    'mlkem768x25519+mlkem768x25519': 'sealed',
    'mlkem768x25519, then mlkem768x25519': 'sealed',
    'mlkem768x25519+X25519': 'recipients_below_floor',
    'mlkem768x25519, then X25519': 'recipients_below_floor',
    'mlkem768x25519+scrypt': 'recipients_mixed',
    'mlkem768x25519, then scrypt': 'recipients_below_floor',
    'X25519+mlkem768x25519': 'recipients_below_floor',
    'X25519, then mlkem768x25519': 'recipients_below_floor',
    'X25519+X25519': 'sealed',
    'X25519, then X25519': 'sealed',
    'X25519+scrypt': 'recipients_mixed',
    'X25519, then scrypt': 'sealed',
    'scrypt+mlkem768x25519': 'recipients_mixed',
    'scrypt, then mlkem768x25519': 'recipients_below_floor',
    'scrypt+X25519': 'recipients_mixed',
    'scrypt, then X25519': 'sealed',
    'scrypt+scrypt': 'recipients_mixed',
    'scrypt, then scrypt': 'sealed',
    'secret256, then mlkem768x25519': 'sealed',
    'secret256, then X25519': 'recipients_below_floor',
    'secret256, then scrypt': 'recipients_below_floor',
  });
});

test('a file key of another length, nobody, or too many to open again are refused', async () => {
  const { recipient } = await pairOf('X25519');
  for (const size of [0, 15, 17, 32])
    await assert.rejects(
      sealHeader(nodeEngine, { fileKey: new Uint8Array(size), recipients: [recipient], wrappedBefore: [] }),
      hasCode('argument_invalid'),
    );
  await assert.rejects(headerFor([]), hasCode('argument_invalid'));
  await assert.rejects(headerFor([], ['mlkem768x25519']), hasCode('argument_invalid'));
  const most = await headerFor(Array.from({ length: 1024 }, () => recipient));
  assert.equal(parseHeader(most).stanzas.length, 1024);
  await assert.rejects(headerFor(Array.from({ length: 1025 }, () => recipient)), hasCode('argument_invalid'));
});

test('1,024 hybrid recipients fit into a header that we open', async () => {
  const { recipient, identity } = await pairOf('mlkem768x25519');
  const { recipient: other } = await pairOf('mlkem768x25519');
  const header = await headerFor([...Array.from({ length: 1023 }, () => other), recipient]);
  assert.deepEqual((await opened(header, identity))?.fileKey, fileKey);
});

test('keys that give no secret are refused', async () => {
  await assert.rejects(headerFor([{ kind: 'X25519', publicKey: new Uint8Array(32) }]), hasCode('recipient_malformed'));
  const low = new Uint8Array(1216);
  await assert.rejects(headerFor([{ kind: 'mlkem768x25519', publicKey: low }]), hasCode('recipient_malformed'));
  const modulus = (await pairOf('mlkem768x25519')).recipient;
  assert.ok(modulus.kind === 'mlkem768x25519');
  const publicKey = modulus.publicKey.slice();
  publicKey.fill(0xff, 0, 3);
  await assert.rejects(headerFor([{ kind: 'mlkem768x25519', publicKey }]), hasCode('recipient_malformed'));
});

test('a header whose MAC is wrong is refused, for whom it is meant', async () => {
  const { recipient, identity } = await pairOf('X25519');
  const header = await headerFor([recipient]);
  const text = textOfBytes(header);
  const other = asciiBytes(text.replace('-> X25519', '-> grease\n\n-> X25519'));
  await assert.rejects(opened(other, identity), hasCode('header_mac_wrong'));
  const macStart = text.indexOf('--- ') + 4;
  const changed = header.slice();
  changed[macStart] = changed[macStart] === 0x41 ? 0x42 : 0x41;
  await assert.rejects(opened(changed, identity), hasCode('header_mac_wrong'));
  assert.equal(await opened(changed, (await pairOf('X25519')).identity), null);
});

test('every changed byte of a header is refused or makes it somebody else’s', async () => {
  const { recipient, identity } = await pairOf('X25519');
  const header = await headerFor([recipient]);
  for (let place = 0; place < header.length; place++) {
    const changed = header.slice();
    changed[place]! ^= 1;
    const outcome = await opened(changed, identity).catch((error: { code: string }) => error.code);
    assert.ok(
      outcome === null || outcome === 'header_malformed' || outcome === 'header_mac_wrong',
      `${place} ${JSON.stringify(outcome)}`,
    );
  }
});

test('two headers for one file key share nothing that shows', async () => {
  for (const kind of KINDS) {
    const { recipient } = await pairOf(kind);
    const [one, two] = [parseHeader(await headerFor([recipient])), parseHeader(await headerFor([recipient]))];
    assert.notDeepEqual(one.stanzas[0]?.args[1], two.stanzas[0]?.args[1]);
    assert.notDeepEqual(one.stanzas[0]?.body, two.stanzas[0]?.body);
    assert.notDeepEqual(one.mac, two.mac);
  }
});
