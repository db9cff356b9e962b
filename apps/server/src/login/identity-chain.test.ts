import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HybridSigner } from '@latchkey/crypto/sign';
import {
  formatStatement,
  identityKeyName,
  parseAddress,
  statementHash,
  type IdentityStatement,
  type Statement,
} from '@latchkey/protocol';
import { resolveUntil } from '../../test/key-log-client.ts';
import { resetOf } from '../../test/reset-of.ts';
import { identityOf, newKeys, register, signed, signersOf, type TestOwner } from '../../test/test-owner.ts';
import { startTestServer, type TestServer } from '../testing/index.ts';

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.stop());

async function flagsOf({ wire, address }: TestOwner, versions: number): Promise<readonly (number | undefined)[]> {
  const { answers } = await resolveUntil(wire, address, { versions });
  return answers[0]?.leaves.map(({ leaf }) => leaf[1]) ?? [];
}

test('a reset is by the kit that the identity commits to, waits, and is vetoed once by the keys in force', async () => {
  const alice = await register(server.origin, 'alice@localhost');
  const update = (statement: string): Promise<unknown> => alice.wire.call('directoryUpdate', { statement });
  const refused = { code: 'statement_refused' };
  const foreign = await resetOf(alice, alice.identity, 1, { kit: await newKeys() });
  await assert.rejects(update(foreign.note), refused);
  const reset = await resetOf(alice, alice.identity, 1);
  await update(reset.note);

  // The old keys alone would be refused by every client whose hold is over.
  const keys = await newKeys();
  const rotated = {
    ...identityOf(alice.address, { keys, kit: alice.kit, previous: alice.identity }),
    version: 2,
    previous: statementHash(reset.identity),
  };
  const own = signersOf(identityKeyName(rotated), keys);
  const old = signersOf(identityKeyName(alice.identity), alice.keys);
  await assert.rejects(update(await signed(formatStatement(rotated), [own, old])), refused);

  const veto: Statement = {
    kind: 'latchkey/veto/v1',
    address: parseAddress(alice.address),
    version: 2,
    previous: statementHash(reset.identity),
    kills: { version: 1, hash: statementHash(reset.identity) },
    by: { address: parseAddress(alice.address), version: 0, identity: statementHash(alice.identity) },
  };
  const byReset = signersOf(identityKeyName(reset.identity), reset.keys);
  await assert.rejects(update(await signed(formatStatement(veto), [byReset])), refused);
  await update(await signed(formatStatement(veto), [old]));

  // What the vetoed keys sign is taken by no client.
  await assert.rejects(update((await resetOf(alice, veto, 3, { also: byReset })).note), refused);
  const again = await resetOf(alice, veto, 3);
  await update(again.note);
  const second: Statement = {
    ...veto,
    version: 4,
    previous: statementHash(again.identity),
    kills: { version: 3, hash: statementHash(again.identity) },
  };
  await assert.rejects(update(await signed(formatStatement(second), [old])), refused);
  assert.deepEqual(await flagsOf(alice, 4), [0, 2, 3, 2]);
});

test('what waits goes on under its own keys, and both together end the waiting', async () => {
  const bob = await register(server.origin, 'bob@localhost');
  const reset = await resetOf(bob, bob.identity, 1);
  await bob.wire.call('directoryUpdate', { statement: reset.note });
  const next = async (keys: HybridSigner, previous: IdentityStatement): Promise<IdentityStatement> =>
    identityOf(bob.address, { keys, kit: bob.kit, previous });
  const waitingKeys = await newKeys();
  const waiting = await next(waitingKeys, reset.identity);
  const byWaiting = signersOf(identityKeyName(reset.identity), reset.keys);
  await bob.wire.call('directoryUpdate', {
    statement: await signed(formatStatement(waiting), [signersOf(identityKeyName(waiting), waitingKeys), byWaiting]),
  });
  const bothKeys = await newKeys();
  const both = await next(bothKeys, waiting);
  await bob.wire.call('directoryUpdate', {
    statement: await signed(formatStatement(both), [
      signersOf(identityKeyName(both), bothKeys),
      signersOf(identityKeyName(waiting), waitingKeys),
      signersOf(identityKeyName(bob.identity), bob.keys),
    ]),
  });
  const lastKeys = await newKeys();
  const last = await next(lastKeys, both);
  await bob.wire.call('directoryUpdate', {
    statement: await signed(formatStatement(last), [
      signersOf(identityKeyName(last), lastKeys),
      signersOf(identityKeyName(both), bothKeys),
    ]),
  });
  assert.deepEqual(await flagsOf(bob, 5), [0, 2, 1, 1, 1]);
});
