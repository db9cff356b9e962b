import { createReadStream, statSync } from 'node:fs';
import type { ByteSource } from '@latchkey/sdk/by-hand';
import { HostError } from './errors.ts';
import { hostErrorOf, withHostErrors } from './host-error-of.ts';
import { RegularFileSource } from './regular-file-source.ts';

export interface FileSource extends ByteSource {
  /** May be called twice. */
  close(): Promise<void>;
}

/**
 * A file, or standard input where `path` is `-`. Devices and named pipes are read once, from front to back.
 * @throws HostError file_not_found, file_not_readable, file_is_directory, io_failed; while reading also
 *   source_changed
 */
export async function fileSource(path: string): Promise<FileSource> {
  if (path === '-') return pipeSource('standard input', () => process.stdin);
  return withHostErrors({ action: 'read', path }, () => {
    const stats = statSync(path);
    if (stats.isDirectory()) throw new HostError('file_is_directory', `${path}: it is a folder`);
    // What the kernel makes up on reading, as in /proc, says that it is regular and empty.
    if (stats.isFile() && stats.size > 0) return RegularFileSource.open(path);
    return pipeSource(path, () => createReadStream(path, { highWaterMark: PIECE_BYTES }));
  });
}

const PIECE_BYTES = 256 * 1024;

function pipeSource(path: string, open: () => NodeJS.ReadableStream): FileSource {
  let opened: NodeJS.ReadableStream | null = null;
  return {
    sizeBytes: null,
    async *stream(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
      opened = open();
      try {
        for await (const piece of opened as AsyncIterable<Buffer<ArrayBuffer>>) yield piece;
      } catch (error) {
        throw hostErrorOf(error, { action: 'read', path });
      }
    },
    close(): Promise<void> {
      if (opened !== null && 'destroy' in opened && typeof opened.destroy === 'function') opened.destroy();
      return Promise.resolve();
    },
  };
}
