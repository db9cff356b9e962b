/** What a caller gets over HTTP (c2sp.org/tlog-witness). Refusals are one line of plain text for people. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Uint8Array;
  /** Seconds after which asking again makes sense. */
  readonly retryAfterSeconds?: number;
}

const plain = 'text/plain; charset=utf-8';

export function answerText(status: number, body: string | Uint8Array): Answer {
  return { status, contentType: plain, body };
}

/** 409: the size that the caller has to prove from. */
export function answerConflict(sizeCosigned: number): Answer {
  return { status: 409, contentType: 'text/x.tlog.size', body: `${sizeCosigned}\n` };
}

/** 503: not now, and it is not the caller's fault. */
export function answerLater(why: string, retryAfterSeconds: number): Answer {
  return { status: 503, contentType: plain, body: `${why}\n`, retryAfterSeconds };
}

export function answerBytes(body: Uint8Array): Answer {
  return { status: 200, contentType: 'application/octet-stream', body };
}
