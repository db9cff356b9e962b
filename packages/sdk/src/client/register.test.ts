import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { canonicalAddress } from '@latchkey/protocol';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import { cutWires, Killed, losingAnswerOf, type Cut } from '../../test/cut-wire.ts';
import { testHost } from '../../test/test-host.ts';
import { memoryCache, memoryProfile, type MemoryProfile } from '../testing/index.ts';
import type { ClientHost } from '../ports.ts';
import {
  accountState,
  kitSaved,
  listSessions,
  lock,
  logIn,
  logOut,
  openClient,
  register,
  unsavedKit,
} from './index.ts';
import type { Registered } from './types.ts';

const password = 'correct horse battery';
let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.stop());

const register_ = (host: ClientHost, name: string, given: { password?: string } = {}): Promise<Registered> =>
  register(host, { address: `${name}@localhost`, origin: server.origin, password, deviceName: 'Desk', ...given });

interface Device {
  readonly profile: MemoryProfile;
  readonly cache: ClientHost['cache'];
}
const newDevice = (): Device => ({ profile: memoryProfile(), cache: memoryCache() });

/** Everything an account must be able to do, from nothing but its papers and this device. */
async function requireWorking(device: Device, made: Registered): Promise<void> {
  const { address } = made.client;
  const opened = await openClient(testHost({ ...device }));
  const state = await accountState(opened);
  assert.deepEqual([state.address, state.deviceName, state.identityVersion], [address, 'Desk', 0]);
  const sessions = await listSessions(opened);
  assert.deepEqual(
    sessions.map(({ name, foreign, current }) => ({ name, foreign, current })),
    [{ name: 'Desk', foreign: false, current: true }],
  );
  const { origin } = server;
  const byCard = await logIn(testHost(), {
    address,
    deviceName: 'Card',
    with: { password, card: made.card.text },
  });
  const byKit = await logIn(testHost(), { address, origin, deviceName: 'Kit', with: { kit: made.kit.text } });
  for (const other of [byCard, byKit]) {
    assert.deepEqual(other.keys.newest.identity.hash, opened.keys.newest.identity.hash);
    assert.equal(other.keys.newest.sealIdentity, opened.keys.newest.sealIdentity);
    assert.deepEqual(other.mailbox.id, opened.mailbox.id);
  }
}

test('killed at any call, the same command makes the account or goes on with it', { timeout: 300_000 }, async () => {
  let number = 0;
  for (const cut of ['before', 'after'] as const satisfies readonly Cut[]) {
    for (let at = 0; ; at++) {
      const name = `cut-${cut}-${at}`;
      const device = newDevice();
      const wires = cutWires({ at, cut });
      const first = register_(testHost({ ...device, between: wires.between }), name);
      if (!wires.happened) {
        const outcome = await first.then(
          () => 'made',
          (error: unknown) => error,
        );
        if (outcome === 'made') break;
        assert.ok(outcome instanceof Killed, `${name}: ${String(outcome)}`);
      }
      const isMade = device.profile.files.has('account');
      assert.equal(device.profile.files.has('unlocked'), isMade);
      const made = await register_(testHost({ ...device }), name);
      if (at % 3 === 0 || wires.calls.at(-1)?.includes('register') === true) await requireWorking(device, made);
      else await openClient(testHost({ ...device }));
      number += 1;
    }
  }
  assert.ok(number > 20, `only ${number} cuts`);
});
