import { openClientHost, type NodeClientHost } from '@latchkey/host-node';
import { openClient, type Client } from '@latchkey/sdk/client';
import { stoppable } from './stoppable.ts';

/** Runs `work` with this machine's profile; ends its threads and files. */
export async function withHost<T>(work: (host: NodeClientHost, signal: AbortSignal) => Promise<T>): Promise<T> {
  return stoppable(async ({ signal }) => {
    const host = await openClientHost();
    try {
      return await work(host, signal);
    } finally {
      await host.close();
    }
  });
}

/** Runs `work` with the unlocked account of this machine. @throws SdkError profile_missing, profile_locked */
export async function withAccount<T>(work: (client: Client, signal: AbortSignal) => Promise<T>): Promise<T> {
  return withHost(async (host, signal) => work(await openClient(host), signal));
}
