import type { Network } from '@latchkey/sdk/transport';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The browser's own fetch: it follows no redirect, keeps nothing, and sends neither cookies nor a referrer. */
export function webNetwork(onReached: (isReached: boolean) => void = () => undefined): Network<AbortSignal> {
  return {
    async fetch(url, request) {
      try {
        const answer = await fetch(url, request);
        onReached(true);
        return answer;
      } catch (error) {
        if (!request.signal.aborted) onReached(false);
        throw error;
      }
    },
    newAbort: () => new AbortController(),
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    decodeUtf8: (bytes) => strictUtf8.decode(bytes),
  };
}
