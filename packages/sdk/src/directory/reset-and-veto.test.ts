import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { kitKeys, parseKitWords } from '@latchkey/crypto';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { hybridSigner } from '@latchkey/crypto/sign';
import { statementHash, type IdentityStatement, type TombstoneStatement, type VetoStatement } from '@latchkey/protocol';
import { ROUTES } from '@latchkey/protocol/wire';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { newSigner, someBytes } from '../../test/key-owner.ts';
import { testHost } from '../../test/test-host.ts';
import { register, type Client, type Registered } from '../client/index.ts';
import { identitySigner } from '../signing/identity.ts';
import { signReset } from '../signing/reset.ts';
import { signStatement } from '../signing/signed-statement.ts';
import type { Resolution } from './types.ts';

let server: TestServer;
let alice: Client;
let bob: Registered;

before(async () => {
  server = await startTestServer();
  const account = { origin: server.origin, password: 'correct horse battery', deviceName: 'Desk' };
  alice = (await register(testHost(), { ...account, address: 'alice@localhost' })).client;
  bob = await register(testHost(), { ...account, address: 'bob@localhost' });
});
after(() => server.stop());

async function publish(statement: string): Promise<void> {
  const { wire, session, address } = bob.client;
  const { version } = await wire.call(ROUTES.directoryUpdate, { statement }, { rights: { session } });
  // A server publishes within a second; the test's own, sooner.
  for (;;) {
    const { answers } = await wire.call(
      ROUTES.ktResolve,
      { wanted: [{ address, fromVersion: version + 1 }], known: null },
      { rights: { session } },
    );
    if ((answers[0]?.positions.length ?? 0) > version) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function bobAsAliceSeesHim(): Promise<Resolution> {
  const [resolution] = await alice.directory.resolve([bob.client.address]);
  assert.ok(resolution !== undefined);
  return resolution;
}

test('the server takes the kit’s reset and the owner’s veto, and a correspondent judges them so', async () => {
  const first = await bobAsAliceSeesHim();
  assert.ok(first.outcome === 'known' && first.trust === 'first_use' && first.resetCountsSeconds === undefined);

  const kit = parseKitWords(bob.kit.words.join(' '));
  assert.ok(kit.outcome === 'kit');
  const { recoverySeeds } = await kitKeys(nodeEngine, kit.entropy);
  const recovery = await hybridSigner(nodeEngine, recoverySeeds);
  const { identity, signer } = bob.client.keys.newest;
  const own = await newSigner();
  const reset: IdentityStatement = {
    ...identity.statement,
    ...own.publicKey,
    version: 1,
    previous: identity.hash,
    vault: someBytes(32),
  };
  await publish(await signReset(nodeEngine, reset, { own, recovery }));
  const seenSeconds = Date.now() / 1_000;
  const held = await bobAsAliceSeesHim();
  assert.ok(held.outcome === 'known' && held.trust === 'proved');
  assert.deepEqual(held.identity, identity, 'the old keys are in force');
  const holdSeconds = identity.statement.holdHours * 3_600;
  assert.ok(Math.abs((held.resetCountsSeconds ?? 0) - holdSeconds - seenSeconds) < 60);

  const veto: VetoStatement = {
    kind: 'latchkey/veto/v1',
    address: bob.client.address,
    version: 2,
    previous: statementHash(reset),
    kills: { version: 1, hash: statementHash(reset) },
    by: identity.party,
  };
  await publish(await signStatement(veto, [identitySigner(identity.statement, signer)]));
  const vetoed = await bobAsAliceSeesHim();
  assert.ok(vetoed.outcome === 'known' && vetoed.resetCountsSeconds === undefined);

  const tombstone: TombstoneStatement = {
    kind: 'latchkey/tombstone/v1',
    address: bob.client.address,
    version: 3,
    previous: statementHash(veto),
  };
  await publish(await signStatement(tombstone, [identitySigner(identity.statement, signer)]));
  const ended = await bobAsAliceSeesHim();
  assert.ok(ended.outcome === 'changed' && ended.reason === 'gone');
});
