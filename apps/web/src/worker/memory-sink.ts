import type { ByteSink } from '@latchkey/sdk/ports';

/** What is written, in memory: for what is small, or is handed on as a whole. */
export function memorySink(): ByteSink & { bytes(): Uint8Array<ArrayBuffer> } {
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  return {
    async write(bytes) {
      pieces.push(new Uint8Array(bytes));
    },
    commit: async () => undefined,
    async discard() {
      pieces = [];
    },
    bytes() {
      const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const piece of pieces) {
        whole.set(piece, at);
        at += piece.length;
      }
      return whole;
    },
  };
}
