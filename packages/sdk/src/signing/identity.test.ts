import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { hybridSigner, type HybridSigner } from '@latchkey/crypto/sign';
import {
  canonicalAddress,
  identityKeyName,
  parseStatement,
  statementHash,
  type ActStatement,
  type IdentityStatement,
} from '@latchkey/protocol';
import { signIdentity, verifyIdentityChain, verifyKeptIdentities, identityKeys, identitySigner } from './identity.ts';
import { isSignedBy, parseSigned, signStatement, verifyStatement } from './signed-statement.ts';

const alice = canonicalAddress('alice@example.org');
const unverified = { name: 'SdkError', code: 'statement_unverified' };
const bytes = (lengthBytes: number): Uint8Array => new Uint8Array(randomBytes(lengthBytes));
const newSigner = (): Promise<HybridSigner> => hybridSigner(nodeEngine, { ed25519: bytes(32), mldsa44: bytes(32) });

const sealRecipient = ((): string => {
  const file = new URL('../../../../vectors/statements/identity.json', import.meta.url);
  const { accept } = JSON.parse(readFileSync(file, 'utf8')) as { accept: { text: string }[] };
  const statement = parseStatement(accept[0]?.text ?? '');
  assert.ok(statement.kind === 'latchkey/identity/v1');
  return statement.seal;
})();

function identityOf(keys: HybridSigner, previous: IdentityStatement | null): IdentityStatement {
  return {
    kind: 'latchkey/identity/v1',
    address: alice,
    version: previous === null ? 0 : previous.version + 1,
    previous: previous === null ? null : statementHash(previous),
    ...keys.publicKey,
    seal: sealRecipient,
    recovery: { by: 'none' },
    holdHours: 72,
    vault: bytes(32),
  };
}

interface Version {
  readonly statement: IdentityStatement;
  readonly signer: HybridSigner;
  readonly note: string;
}

async function nextVersion(before_: Version | null): Promise<Version> {
  const signer = await newSigner();
  const statement = identityOf(signer, before_?.statement ?? null);
  const note = await signIdentity(statement, { own: signer, ...(before_ === null ? {} : { previous: before_ }) });
  return { statement, signer, note };
}

let zero: Version;
let one: Version;
let two: Version;
let stranger: HybridSigner;

before(async () => {
  zero = await nextVersion(null);
  one = await nextVersion(zero);
  two = await nextVersion(one);
  stranger = await newSigner();
});

const chain = (notes: readonly string[]): ReturnType<typeof verifyIdentityChain> =>
  verifyIdentityChain(nodeEngine, notes, { address: alice });

/** The note's text, and its signature lines: name, Ed25519 or ML-DSA-44, as they stand. */
function take(note: string): { text: string; lines: string[] } {
  const cut = note.indexOf('\n\n');
  return { text: note.slice(0, cut + 1), lines: note.slice(cut + 2, -1).split('\n') };
}
const put = (text: string, lines: readonly string[]): string => `${text}\n${lines.join('\n')}\n`;

test('a chain gives every version with its hash and its party', async () => {
  const versions = await chain([zero.note, one.note, two.note]);
  assert.deepEqual(
    versions.map(({ party, hash, note }) => ({ party, hash, note })),
    [zero, one, two].map(({ statement, note }) => {
      const hash = statementHash(statement);
      return { party: { address: alice, version: statement.version, identity: hash }, hash, note };
    }),
  );
  assert.deepEqual(versions[2]?.statement, two.statement);
  assert.deepEqual(await chain([]), []);
});

test('a later version is accepted after the one that signed it, and after no other', async () => {
  const [first, second] = await chain([zero.note, one.note]);
  assert.ok(first !== undefined && second !== undefined);
  const from = (after: typeof first, notes: readonly string[]): ReturnType<typeof verifyIdentityChain> =>
    verifyIdentityChain(nodeEngine, notes, { address: alice, after });
  assert.equal((await from(first, [one.note, two.note])).at(-1)?.statement.version, 2);
  assert.equal((await from(second, [two.note])).length, 1);
  await assert.rejects(from(first, [two.note]), unverified);
  await assert.rejects(from(second, [one.note]), unverified);
  await assert.rejects(from(second, [zero.note]), unverified);
});

test('a chain begins with version 0 and leaves nothing out', async () => {
  await assert.rejects(chain([one.note]), unverified);
  await assert.rejects(chain([zero.note, two.note]), unverified);
  await assert.rejects(chain([zero.note, zero.note]), unverified);
  await assert.rejects(chain([one.note, zero.note]), unverified);
});

test('another address is another identity, also where all signatures hold', async () => {
  const other = { address: canonicalAddress('bob@example.org') };
  await assert.rejects(verifyIdentityChain(nodeEngine, [zero.note], other), unverified);
  const statement = { ...identityOf(stranger, zero.statement), address: other.address };
  const note = await signIdentity(statement, { own: stranger, previous: zero });
  await assert.rejects(chain([zero.note, note]), unverified);
});

test('a version that names another history is refused, although the right keys signed it', async () => {
  const statement = { ...identityOf(stranger, zero.statement), previous: bytes(32) };
  const note = await signIdentity(statement, { own: stranger, previous: zero });
  await assert.rejects(chain([zero.note, note]), unverified);
});

test('every version needs its own keys, and the ones before it', async () => {
  const statement = identityOf(stranger, zero.statement);
  const own = identitySigner(statement, stranger);
  const previous = identitySigner(zero.statement, zero.signer);
  assert.equal((await chain([zero.note, await signStatement(statement, [previous, own])])).length, 2);
  await assert.rejects(chain([zero.note, await signStatement(statement, [own])]), unverified);
  await assert.rejects(chain([zero.note, await signStatement(statement, [previous])]), unverified);
  // A key that signs under the name of the version before is not the key of that version.
  const pretender = { name: previous.name, signer: await newSigner() };
  await assert.rejects(chain([zero.note, await signStatement(statement, [own, pretender])]), unverified);
  const fresh = identityOf(stranger, null);
  const byOther = { name: identityKeyName(fresh), signer: zero.signer };
  await assert.rejects(chain([await signStatement(fresh, [byOther])]), unverified);
});

test('no half of any pair may be missing, wrong, or another one’s', async () => {
  const { text, lines } = take(one.note);
  assert.equal(lines.length, 4);
  assert.equal((await chain([zero.note, put(text, lines.toReversed())])).length, 2);
  for (const [at, line] of lines.entries()) {
    const without = lines.toSpliced(at, 1);
    await assert.rejects(chain([zero.note, put(text, without)]), unverified, `without line ${at}`);
    await assert.rejects(chain([zero.note, put(text, [...lines, line])]), unverified, `line ${at} twice`);
    const { lines: others } = take(two.note);
    const foreign = others[at] ?? '';
    await assert.rejects(chain([zero.note, put(text, lines.with(at, foreign))]), unverified, `line ${at} of two`);
    const [dash = '', name = '', blob = ''] = line.split(' ');
    const wrong = Buffer.from(blob, 'base64');
    wrong[4 + 20]! ^= 1;
    const changed = [dash, name, wrong.toString('base64')].join(' ');
    await assert.rejects(chain([zero.note, put(text, lines.with(at, changed))]), unverified, `line ${at} changed`);
    const [half] = (lines[(at + 2) % 4] ?? '').split(' ').slice(-1);
    const swapped = [dash, name, half].join(' ');
    await assert.rejects(chain([zero.note, put(text, lines.with(at, swapped))]), unverified, `line ${at} swapped`);
  }
});

test('a line of somebody unknown proves nothing and spoils nothing', async () => {
  const { text, lines } = take(zero.note);
  const { lines: others } = take(two.note);
  assert.equal((await chain([put(text, [...others, ...lines])])).length, 1);
  await assert.rejects(chain([put(text, others)]), unverified);
});

test('a line whose name is no text refuses the note', async () => {
  const { text, lines } = take(zero.note);
  const named = (name: string): string => put(text, [...lines, `— ${name} AAAAAAAA`]);
  assert.equal((await chain([named('somebody')])).length, 1);
  await assert.rejects(chain([named('some\ud800body')]), unverified);
});

test('one changed line of the text refuses the whole', async () => {
  const { text, lines } = take(one.note);
  const other = take(await signIdentity(identityOf(stranger, one.statement), { own: stranger, previous: one })).text;
  const rows = text.split('\n');
  let changed = 0;
  for (const [at, row] of other.split('\n').entries()) {
    if (row === rows[at]) continue;
    changed += 1;
    await assert.rejects(chain([zero.note, put(rows.with(at, row).join('\n'), lines)]), unverified, row.slice(0, 20));
  }
  assert.equal(changed, 5);
});

test('what is no signed identity statement is refused as such', async () => {
  const act: ActStatement = {
    kind: 'latchkey/act/v1',
    action: 'log-in',
    account: alice,
    origin: 'https://example.org',
    nonce: bytes(32),
    hourSeconds: 3_600,
  };
  const signedAct = await signStatement(act, [identitySigner(zero.statement, zero.signer)]);
  const broken = ['', 'x', zero.note.slice(0, -1), `${zero.note}\n`, `\n${zero.note}`, take(zero.note).text, signedAct];
  for (const note of [...broken, zero.note.replace('—', '\ud800')]) await assert.rejects(chain([note]), unverified);
});

test('the vault’s own copies may begin at any version, and are checked all the same', async () => {
  const kept = (notes: readonly string[]): ReturnType<typeof verifyKeptIdentities> =>
    verifyKeptIdentities(nodeEngine, notes, { address: alice });
  assert.deepEqual(
    (await kept([one.note, two.note])).map(({ statement }) => statement.version),
    [1, 2],
  );
  assert.deepEqual(await kept([]), []);
  await assert.rejects(kept([zero.note, two.note]), unverified);
  const { text, lines } = take(one.note);
  await assert.rejects(kept([put(text, lines.slice(2))]), unverified);
  await assert.rejects(
    verifyKeptIdentities(nodeEngine, [one.note], { address: canonicalAddress('bob@example.org') }),
    unverified,
  );
});

test('a statement counts only by the keys that the reader names', async () => {
  const act: ActStatement = {
    kind: 'latchkey/act/v1',
    action: 'change-latches',
    account: alice,
    origin: 'https://example.org',
    nonce: bytes(32),
    hourSeconds: 3_600,
  };
  const note = await signStatement(act, [identitySigner(one.statement, one.signer)]);
  const by = identityKeys(one.statement);
  assert.deepEqual(await verifyStatement(nodeEngine, note, { kind: 'latchkey/act/v1', by }), act);
  assert.equal(await isSignedBy(nodeEngine, parseSigned('latchkey/act/v1', note), by), true);
  const wrong = [
    identityKeys(zero.statement),
    { name: by.name, keys: stranger.publicKey },
    { name: by.name, keys: { ...by.keys, ed25519: stranger.publicKey.ed25519 } },
    { name: by.name, keys: { ...by.keys, mldsa44: stranger.publicKey.mldsa44 } },
    { name: identityKeyName(zero.statement), keys: by.keys },
  ];
  for (const other of wrong) {
    await assert.rejects(verifyStatement(nodeEngine, note, { kind: 'latchkey/act/v1', by: other }), unverified);
  }
  await assert.rejects(verifyStatement(nodeEngine, note, { kind: 'latchkey/identity/v1', by }), unverified);
});
