/**
 * The sdk's ports on Node.
 *
 * openHost(options?: { threads?: number }): Promise<Host>       Host extends ByHandHost, plus close(): Promise<void>
 * fileSource(path: string): Promise<FileSource>                 '-' is standard input; plus close(): Promise<void>
 * fileSink(path: string, options: FileSinkOptions): Promise<ByteSink>   '-' is standard output
 */
export { HostError } from './errors.ts';
export type { HostErrorCode } from './errors.ts';
export { openHost } from './host.ts';
export type { Host, HostOptions } from './host.ts';
export { fileSource } from './file-source.ts';
export type { FileSource } from './file-source.ts';
export { fileSink } from './file-sink.ts';
export type { FileSinkOptions } from './file-sink.ts';
