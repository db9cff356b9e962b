import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  openDirectory,
  verifyHead,
  verifyLookup,
  type Directory,
  type VerifiedHead,
} from '@latchkey/key-directory/verify';
import { logTypes, parsePolicy, parseVerifierKey } from '@latchkey/tlog';
import type { ResponseOf, ROUTES } from '@latchkey/protocol/wire';
import { startTestServer, WireRefused } from '../testing/index.ts';
import { identityKeyName, formatStatement } from '@latchkey/protocol';
import { identityOf, newKeys, register, signed, signersOf, type TestOwner } from '../../test/test-owner.ts';
import { verifySignature } from './cosigner.ts';

type Resolved = ResponseOf<typeof ROUTES.ktResolve>;
const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf8'));

async function directoryOf({ wire }: TestOwner): Promise<Directory> {
  const { domain, policy, keys, vrf } = await wire.call('ktPolicy', {});
  return openDirectory({
    domain,
    logKeys: keys.verifierKeys.map((text) => parseVerifierKey(text, logTypes).publicKey),
    vrfPublicKey: vrf,
    policy: parsePolicy(policy),
    verifySignature,
  });
}

async function headOf(directory: Directory, { head }: Resolved, previous: VerifiedHead | null): Promise<VerifiedHead> {
  const { indexCheckpoint, indexLeaf, ...proofs } = head;
  const answer = { indexCheckpoint: utf8(indexCheckpoint), indexLeaf: utf8(indexLeaf), ...proofs };
  const verified = await verifyHead(directory, answer, { previous, nowSeconds: Math.floor(Date.now() / 1_000) });
  if (verified.refused) throw new Error(`rule ${verified.rule}: ${verified.reason}`);
  return verified;
}

function lookedUp(
  head: VerifiedHead,
  label: string,
  answer: Resolved['answers'][number],
): ReturnType<typeof verifyLookup> {
  const leaves = answer.leaves.map(({ opened, ...leaf }) => ({
    ...leaf,
    opened: opened === null ? null : { ...opened, note: utf8(opened.note) },
  }));
  return verifyLookup(head, { label, known: null }, { ...answer, leaves });
}

/** Until the newest head has so many versions of the address. */
async function resolveUntil(owner: TestOwner, address: string, versions: number): Promise<Resolved> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      const wanted = [{ address, fromVersion: 0 }];
      const resolved = await owner.wire.call('ktResolve', { wanted, known: null });
      if (resolved.answers[0]?.positions.length === versions) return resolved;
    } catch (error) {
      if (!(error instanceof WireRefused) || error.code !== 'head_missing') throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${address} has not ${versions} versions after two seconds`);
}

test('registered, in both logs, and proved to somebody else; an address that is not there too', async () => {
  const server = await startTestServer();
  try {
    const alice = await register(server.origin, 'alice@localhost');
    const bob = await register(server.origin, 'bob@localhost');
    const directory = await directoryOf(bob);
    const resolved = await resolveUntil(bob, alice.address, 1);
    const head = await headOf(directory, resolved, null);
    const found = lookedUp(head, alice.address, resolved.answers[0]!);
    assert.ok(!found.refused && found.found, JSON.stringify(found));
    assert.equal(found.versions[0]?.flag, 'genesis');

    const keys = await newKeys();
    const next = identityOf(alice.address, { keys, kit: alice.kit, previous: alice.identity });
    const statement = await signed(formatStatement(next), [
      signersOf(identityKeyName(next), keys),
      signersOf(identityKeyName(alice.identity), alice.keys),
    ]);
    await alice.wire.call('directoryUpdate', { statement });
    await resolveUntil(bob, alice.address, 2);
    const later = await bob.wire.call('ktResolve', {
      wanted: [
        { address: alice.address, fromVersion: 0 },
        { address: 'nobody@localhost', fromVersion: 0 },
      ],
      known: { indexSize: head.index.size, keysSize: head.keys.size },
    });
    const laterHead = await headOf(directory, later, head);
    const both = lookedUp(laterHead, alice.address, later.answers[0]!);
    assert.ok(!both.refused && both.found, JSON.stringify(both));
    assert.deepEqual(
      both.versions.map(({ flag }) => flag),
      ['genesis', 'signed'],
    );
    assert.equal(Buffer.from(both.versions[1]?.note ?? []).toString('utf8'), statement);
    const nobody = lookedUp(laterHead, 'nobody@localhost', later.answers[1]!);
    assert.deepEqual([nobody.refused, !nobody.refused && nobody.found], [false, false]);
    assert.equal(later.answers[1]?.takes, 'unknown');
    // The proof of one address does not pass for another.
    assert.equal(lookedUp(laterHead, alice.address, later.answers[1]!).refused, true);
  } finally {
    await server.stop();
  }
});
