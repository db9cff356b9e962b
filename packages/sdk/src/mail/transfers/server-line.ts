import { SdkError } from '../../errors.ts';
import type { CallOptions, ClientHost, StopSignal, Wire } from '../../ports.ts';
import { retrying } from '../../transport/index.ts';

/** As much of a client as moving items needs. */
export interface ServerLine {
  readonly host: Pick<ClientHost, 'engine' | 'clock'> & Partial<Pick<ClientHost, 'chunks'>>;
  readonly wire: Wire;
  /** The session's token. */
  readonly session: string;
}

export interface LineOptions {
  readonly signal?: StopSignal;
}

/** The same line, for calls that may be repeated whatever became of the first one: all that this folder makes. */
export function patientWire({ host: { clock, engine }, wire }: Omit<ServerLine, 'session'>): Wire {
  return retrying(wire, { clock, engine, repeats: () => true });
}

/** The same line, for whoever knows of no signal: its calls end when this one is raised. */
export function stoppableWire(wire: Wire, { signal }: LineOptions): Wire {
  if (signal === undefined) return wire;
  return {
    origin: wire.origin,
    call: (route, request, options) => wire.call(route, request, { ...options, signal }),
    put: (...[route, request, body, options]) => wire.put(route, request, body, { ...options, signal }),
    read: (route, request, options) => wire.read(route, request, { ...options, signal }),
    events: (after, options) => wire.events(after, { ...options, signal }),
  };
}

/** Rights and stop signal, as a call takes them. */
export function callOptions({ session }: Pick<ServerLine, 'session'>, { signal }: LineOptions): CallOptions {
  return { rights: { session }, ...(signal === undefined ? {} : { signal }) };
}

/** Whether the same call may well succeed later. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof SdkError)) return false;
  return error.code === 'server_unreachable' || ('wire' in error && passing.has(String(error.wire)));
}

const passing: ReadonlySet<string> = new Set(['busy', 'rate_limited', 'storage_failed', 'internal']);
