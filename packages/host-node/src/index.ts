/**
 * The sdk's ports on Node.
 *
 * ```ts
 * const host = await openHost();
 * const source = await fileSource('letter.txt');                                    // '-' is standard input
 * const sink = await fileSink('letter.txt.age', { replace: false });                // '-' is standard output
 * await sealByHand(host, { source, sink, recipients: ['age1pq1…'] });               // commits or discards the sink
 * await source.close();
 * await host.close();
 * ```
 */
export { HostError } from './errors.ts';
export type { HostErrorCode } from './errors.ts';
export { openHost } from './host.ts';
export type { Host, HostOptions } from './host.ts';
export { descriptorSource } from './descriptor-source.ts';
export { fileSource } from './file-source.ts';
export type { FileSource } from './file-source.ts';
export { openClientHost } from './open-client-host.ts';
export type { ClientHostOptions, NodeClientHost } from './open-client-host.ts';
export { nodeNetwork } from './network/node-network.ts';
export type { NodeNetwork } from './network/node-network.ts';
export { profileHome } from './profile/profile-home.ts';
export { fileSink } from './file-sink.ts';
export type { FileSinkOptions } from './file-sink.ts';
