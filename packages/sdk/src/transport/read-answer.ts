import { COMMON_ERRORS, limits, parseJson, parseRefusal, WIRE_ERRORS } from '@latchkey/protocol/wire';
import type { ResponseOf, Route, WireErrorCode } from '@latchkey/protocol/wire';
import { RefusedError, SdkError } from '../errors.ts';
import type { HttpCall } from './http-call.ts';
import { mostBytesOf } from './most-bytes-of.ts';
import type { HttpAnswer, Network } from './network.ts';

export interface Answered {
  readonly network: Network;
  readonly call: HttpCall;
  readonly answer: HttpAnswer;
}

const refusalBytes = 1_024;
/** What a proxy says for a server that is being started again. */
const proxyStatuses: readonly number[] = [502, 503, 504];
const codesOfAuth: Readonly<Record<Route['auth'], readonly WireErrorCode[]>> = {
  none: [],
  session: ['session_invalid', 'account_closing', 'account_suspended'],
  pass: ['pass_invalid'],
};

/** @throws SdkError `answer_malformed`, RefusedError, and what reading throws */
export async function readJsonAnswer<R extends Route>(route: R, answered: Answered): Promise<ResponseOf<R>> {
  await requireOk(route, 200, answered);
  requireType(answered, 'application/json');
  const text = await readText(answered, mostBytesOf(route.response));
  const value = parseJson(route.response, text);
  if (value === null) throw malformed('the answer does not fit its schema');
  return value;
}

/** @throws RefusedError with the server's code, or SdkError where the status is neither wanted nor a refusal */
export async function requireOk(route: Route, status: number, answered: Answered): Promise<void> {
  const { answer } = answered;
  if (answer.status === status) return;
  // Also 0: a browser's way of not following a redirect.
  if (answer.status < 400 || answer.status > 599) throw malformed(`status ${answer.status} is none that a call has`);
  const isJson = typeOf(answer) === 'application/json';
  const refusal = isJson ? parseRefusal(await readText(answered, refusalBytes)) : null;
  if (refusal !== null && WIRE_ERRORS[refusal.code] === answer.status && mayAnswer(route, refusal.code)) {
    throw new RefusedError(refusal.code, refusal.retryAfterSeconds);
  }
  if (proxyStatuses.includes(answer.status)) {
    throw new SdkError('server_unreachable', `a proxy answers with ${answer.status}`);
  }
  throw malformed(`status ${answer.status} without a code that belongs to it`);
}

/** @throws SdkError `answer_malformed` */
export function requireType({ answer }: Answered, type: string): void {
  if (typeOf(answer) !== type) throw malformed(`the answer is not ${type}`);
}

export function malformed(message: string, cause?: unknown): SdkError {
  return new SdkError('answer_malformed', message, { cause });
}

/** A server that is older than the route says `route_unknown`. */
function mayAnswer({ auth, errors }: Route, code: WireErrorCode): boolean {
  return [...errors, ...COMMON_ERRORS, ...codesOfAuth[auth], 'route_unknown'].includes(code);
}

function typeOf({ headers }: HttpAnswer): string {
  return headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
}

async function readText({ network, call, answer }: Answered, mostBytes: number): Promise<string> {
  const most = Math.min(mostBytes, limits.MAX_LARGE_BODY_BYTES);
  if (Number(answer.headers.get('content-length') ?? 0) > most) throw malformed('the answer is too large');
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for (let piece = await call.next(); piece !== null; piece = await call.next()) {
    sizeBytes += piece.length;
    if (sizeBytes > most) throw malformed('the answer is too large');
    pieces.push(piece);
  }
  try {
    return network.decodeUtf8(joined(pieces, sizeBytes));
  } catch (cause) {
    throw malformed('the answer is not UTF-8', cause);
  }
}

function joined(pieces: readonly Uint8Array[], sizeBytes: number): Uint8Array {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) return only;
  const whole = new Uint8Array(sizeBytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
