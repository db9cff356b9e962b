import type { ClientHost } from '@latchkey/sdk/ports';
import type { HostOptions } from './host.ts';

export interface ClientHostOptions extends HostOptions {
  /** The profile folder. Default: as `profileHome` says. */
  readonly home?: string;
}

export interface NodeClientHost extends ClientHost {
  /** Ends threads, connections and the cache. Not needed before the process ends. */
  close(): Promise<void>;
}

/** Touches nothing: folder, database, threads and HTTP wait for their first use. */
export async function openClientHost(options: ClientHostOptions = {}): Promise<NodeClientHost> {
  // Here, so that commands without an account do not load the wire and its schemas.
  const { newClientHost } = await import('./client-host.ts');
  return newClientHost(options);
}
