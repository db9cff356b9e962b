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

export interface AccountUse {
  /** Absent: yes. Commands that ask no server, or look at the key log themselves, do not. */
  readonly checksKeys?: boolean;
}

/**
 * Runs `work` with the unlocked account of this machine, then sees to its keys.
 *
 * @throws SdkError profile_missing, profile_locked; CliError key_log_refused
 */
export async function withAccount<T>(
  work: (client: Client, signal: AbortSignal) => Promise<T>,
  { checksKeys = true }: AccountUse = {},
): Promise<T> {
  return withHost(async (host, signal) => {
    const client = await openClient(host);
    const done = await work(client, signal);
    if (checksKeys) await (await import('./check-keys.ts')).checkKeys(client, signal);
    return done;
  });
}
