import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { DraftAttachment } from '../src/mail/index.ts';

/** A file as it is now, read in pieces whose memory is used again. */
export async function fileAttachment(path: string): Promise<DraftAttachment> {
  const { size, mtimeMs, ino } = await stat(path);
  return {
    name: basename(path),
    type: 'application/octet-stream',
    identity: `${size}:${mtimeMs}:${ino}`,
    source: {
      sizeBytes: size,
      async *stream() {
        const handle = await open(path);
        const piece = new Uint8Array(262_144);
        try {
          for (;;) {
            const { bytesRead } = await handle.read(piece, 0, piece.length);
            if (bytesRead === 0) return;
            yield piece.subarray(0, bytesRead);
          }
        } finally {
          await handle.close();
        }
      },
    },
  };
}
