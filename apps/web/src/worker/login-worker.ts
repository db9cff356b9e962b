/** Runs OPAQUE for a login; a file of its own so that the build gives it an address. */
import '@latchkey/host-web/login-worker';
