/**
 * Sealing and opening files by hand: what `latchkey seal`, `open`, `keygen` and `inspect` do.
 *
 * ```ts
 * const host = await openHost();                                            // @latchkey/host-node
 * const source = await fileSource('letter.txt');
 * const sink = await fileSink('letter.txt.age', { replace: false });
 * await sealByHand(host, { source, sink, recipients: ['age1pq1…'] });       // commits or discards the sink
 * ```
 *
 * Main flow, each in its own file:
 * - `sealByHand(host, request: SealRequest): Promise<Sealed>`
 * - `openByHand(host, request: OpenRequest): Promise<OpenOutcome>`; "not for me" is an outcome, not an error
 * - `makeIdentity(host): Promise<MadeIdentity>`, `recipientOf(host, identity): Promise<string>`,
 *   `parseIdentityFile(text): readonly string[]`
 * - `inspectItem(source): Promise<ItemFacts>`; needs no key and no host
 */
export { SdkError } from '../errors.ts';
export type { SdkErrorCode } from '../errors.ts';
export type {
  ByHandHost,
  ByteSink,
  ByteSource,
  PayloadJob,
  PayloadMover,
  PayloadOutcome,
  StopSignal,
} from './ports.ts';
export type {
  ItemFacts,
  MadeIdentity,
  OpenOutcome,
  OpenRequest,
  Progress,
  ReaderKind,
  Sealed,
  SealRequest,
} from './types.ts';
export { sealByHand } from './seal.ts';
export { openByHand } from './open.ts';
export { makeIdentity, parseIdentityFile, recipientOf } from './identity.ts';
export { inspectItem } from './inspect.ts';
