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
export declare function openClientHost(options?: ClientHostOptions): Promise<NodeClientHost>;
