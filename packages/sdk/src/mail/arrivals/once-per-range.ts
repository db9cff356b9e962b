import type { PayloadReader } from '@latchkey/crypto';

/** Keeps the last range, so that who looks first and opens then asks the server once. */
export function oncePerRange(reader: PayloadReader): PayloadReader {
  let last: { readonly name: string; readonly bytes: Promise<Uint8Array<ArrayBuffer>> } | null = null;
  return {
    sizeBytes: reader.sizeBytes,
    async readAt(offset, lengthBytes) {
      const name = `${offset} ${lengthBytes}`;
      if (last?.name !== name) last = { name, bytes: reader.readAt(offset, lengthBytes) };
      // Whoever gets it may change it.
      return (await last.bytes).slice();
    },
  };
}
