import { fetchWire } from '@latchkey/sdk/transport';
import { sqliteCache } from './cache/sqlite-cache.ts';
import { openHost } from './host.ts';
import { LoginThread } from './login/login-thread.ts';
import { nodeNetwork } from './network/node-network.ts';
import type { ClientHostOptions, NodeClientHost } from './open-client-host.ts';
import { folderProfile } from './profile/folder-profile.ts';
import { profileHome } from './profile/profile-home.ts';
import { systemClock } from './system-clock.ts';

export async function newClientHost(options: ClientHostOptions): Promise<NodeClientHost> {
  const home = options.home ?? profileHome();
  const host = await openHost(options);
  const login = new LoginThread();
  const cache = sqliteCache(home);
  const network = nodeNetwork();
  return {
    ...host,
    clock: systemClock,
    login,
    profile: folderProfile(home),
    cache,
    connect: (origin) => fetchWire(network, origin, { engine: host.engine }),
    async close() {
      network.close();
      await Promise.all([host.close(), login.close(), cache.close()]);
    },
  };
}
