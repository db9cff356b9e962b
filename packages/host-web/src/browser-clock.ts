import type { Clock, StopSignal } from '@latchkey/sdk/ports';

const lookEveryMs = 200;

export const browserClock: Clock = {
  nowMs: () => Date.now(),

  sleep(ms: number, signal?: StopSignal): Promise<void> {
    return new Promise((resolve) => {
      const endMs = performance.now() + ms;
      const look = (): void => {
        const leftMs = signal?.aborted === true ? 0 : endMs - performance.now();
        if (leftMs <= 0) resolve();
        else setTimeout(look, signal === undefined ? leftMs : Math.min(lookEveryMs, leftMs));
      };
      look();
    });
  },
};
