/**
 * The sdk's ports in a browser, for a worker.
 *
 * ```ts
 * const ciphers = await webCiphers();
 * const startLogin = …; // a worker of the door `login-worker`, and the line to it
 * const host = await openWebHost({ slot, ciphers, startLogin });
 * const client = await unlock(host, password);
 * ```
 */
export { blobSource } from './blob-source.ts';
export { HostWebError, type HostWebErrorCode } from './errors.ts';
export { listSlots, newSlot, removeSlot } from './slots.ts';
export type { LoginReply, LoginWorker } from './login/login-line.ts';
export type { KeyName, SealedFiles } from './storage/sealed-files.ts';
export { openWebHost, serverHere, webCiphers, type WebHost, type WebHostOptions } from './web-host.ts';
