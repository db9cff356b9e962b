import type { TransferOptions, TransferProgress } from '../types.ts';

/** Tells how far a step is, over all of its items together. */
export interface TransferReport {
  begin(step: TransferProgress['step'], totalBytes: number | null): void;
  /** Bytes of one item, counted from its beginning; `item` tells items apart. */
  reached(item: number, doneBytes: number): void;
}

export function transferReport({ onProgress }: Pick<TransferOptions, 'onProgress'>): TransferReport {
  let step: TransferProgress['step'] = 'resolving';
  let totalBytes: number | null = null;
  const done = new Map<number, number>();
  const tell = (): void => {
    const doneBytes = [...done.values()].reduce((sum, bytes) => sum + bytes, 0);
    onProgress?.({ step, doneBytes, totalBytes });
  };
  return {
    begin(next, total) {
      step = next;
      totalBytes = total;
      done.clear();
      tell();
    },
    reached(item, doneBytes) {
      // A round that begins again has its bytes on the server all the same.
      done.set(item, Math.max(doneBytes, done.get(item) ?? 0));
      tell();
    },
  };
}
