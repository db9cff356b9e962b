import type * as v from 'valibot';
import type { WireErrorCode } from './error-codes.ts';

/**
 * What a call needs. `session`: a bearer token. `pass`: what the deliver route takes instead, so that a delivery is not
 * joined to an account.
 */
export type Auth = 'none' | 'session' | 'pass';

/**
 * `json` is the rule; `blob` is raw bytes (application/octet-stream); `text` is UTF-8 (text/plain); `stream` is
 * server-sent events.
 */
export type BodyKind = 'json' | 'blob' | 'text' | 'stream' | 'none';

/** One row of the route table. Router, client, OpenAPI and fuzz tests are driven from it. */
export interface Route<
  Request extends v.GenericSchema = v.GenericSchema,
  Response extends v.GenericSchema = v.GenericSchema,
> {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Parts of the path that begin with `:` are random ids, small numbers or names of public things, never an address or a token. */
  readonly path: string;
  /** The last named part takes the rest of the path, slashes and all. */
  readonly takesRest?: true;
  readonly auth: Auth;
  readonly takes: BodyKind;
  /** The JSON may come with bytes behind it, as application/octet-stream (body-with-items.ts). */
  readonly takesItems?: true;
  readonly gives: BodyKind;
  /** The JSON body; where `takes` is not `json`, the named parts of the path. */
  readonly request: Request;
  /** The JSON answer; where `gives` is `stream`, the data of one event. */
  readonly response: Response;
  readonly maxBodyBytes: number;
  /** Refusals besides the common ones and those of `auth`. */
  readonly errors: readonly WireErrorCode[];
  readonly summary: string;
  /** What a server that was *changed* to watch could record from this call from now on. docs/spec/06-wire.md. */
  readonly changedServerLearns: string;
}

/** As a handler sees it and as a client gives it: bytes are Uint8Array. */
export type RequestOf<R extends Route> = v.InferOutput<R['request']>;
export type ResponseOf<R extends Route> = v.InferOutput<R['response']>;

type Given = 'path' | 'auth' | 'request' | 'response' | 'summary' | 'changedServerLearns';

/** The rule: POST, JSON in, JSON out, 64 KiB. */
export function route<Request extends v.GenericSchema, Response extends v.GenericSchema>(
  row: Pick<Route<Request, Response>, Given> & Partial<Omit<Route<Request, Response>, Given>>,
): Route<Request, Response> {
  return { method: 'POST', takes: 'json', gives: 'json', maxBodyBytes: 65_536, errors: [], ...row };
}
