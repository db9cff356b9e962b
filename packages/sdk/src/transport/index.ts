/**
 * Door `@latchkey/sdk/transport`: the wire over a `fetch` that the host gives.
 *
 * ```ts
 * const wire = fetchWire(network, 'https://mail.example.org', { engine });
 * const { domain } = await wire.call(ROUTES.wellKnown, {});
 * ```
 */
export { fetchWire } from './fetch-wire.ts';
export type { FetchWireOptions } from './fetch-wire.ts';
export { TRANSPORT_LIMITS } from './limits.ts';
export type { TransportLimits } from './limits.ts';
export type { HttpAnswer, HttpBody, HttpBodyReader, HttpRequest, Network } from './network.ts';
export { parseOrigin } from './parse-origin.ts';
export { isRepeatable } from './repeatable-routes.ts';
export { retrying } from './retrying.ts';
export type { RetryOptions } from './retrying.ts';
