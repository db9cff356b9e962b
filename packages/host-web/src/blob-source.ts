import type { ByteSource } from '@latchkey/sdk/ports';
import { HostWebError } from './errors.ts';

/** A file that the owner chose, read piece by piece as it is sealed. */
export function blobSource(blob: Blob): ByteSource {
  return {
    sizeBytes: blob.size,
    async *stream() {
      const reader = blob.stream().getReader();
      try {
        for (;;) {
          const { done, value } = await reader.read().catch(changed);
          if (done) return;
          yield value;
        }
      } finally {
        reader.releaseLock();
      }
    },
    readAt: async (offset, lengthBytes) =>
      new Uint8Array(
        await blob
          .slice(offset, offset + lengthBytes)
          .arrayBuffer()
          .catch(changed),
      ),
  };
}

function changed(cause: unknown): never {
  throw new HostWebError('source_changed', 'the file was changed or taken away', { cause });
}
