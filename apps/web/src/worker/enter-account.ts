import type { WebHost } from '@latchkey/host-web';
import { unsavedKit, type Client } from '@latchkey/sdk/client';
import type { Opened, Paper } from './contract.ts';
import type { Desk } from './desk.ts';
import { noteUse } from './idle-lock.ts';

/** From here on the account is the one of this tab. */
export async function enterAccount(desk: Desk, host: WebHost, client: Client): Promise<Opened> {
  const { address } = client;
  const { origin } = client.wire;
  await desk.accounts.name(host.slot, { address, origin });
  await noteUse(host);
  desk.take(host, client);
  return { slot: host.slot, address, origin, unsavedKit: await kitOf(host) };
}

/** Sheets are drawn where there is one to show: few openings need that. */
async function kitOf(host: WebHost): Promise<Paper | null> {
  const kit = await unsavedKit(host);
  return kit === null ? null : (await import('./papers.ts')).kitPaper(kit);
}
