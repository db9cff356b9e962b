/** Seals and opens large payloads; a file of its own so that the build gives it an address. */
import '@latchkey/host-web/chunk-worker';
