import type { Network } from '../src/transport/index.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** As in a browser: the platform's own fetch. */
export const webNetwork: Network<AbortSignal> = {
  fetch: (url, request) => fetch(url, request),
  newAbort: () => new AbortController(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  decodeUtf8: (bytes) => strictUtf8.decode(bytes),
};
