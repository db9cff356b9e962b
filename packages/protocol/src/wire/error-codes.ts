/**
 * Every refusal that a server may send, with its HTTP status. The body is `{"code": …}`, with `retryAfterSeconds` where
 * waiting helps. A code may be added; none changes its meaning. docs/spec/06-wire.md, "Errors".
 */
export const WIRE_ERRORS = {
  request_malformed: 400,
  session_invalid: 401,
  pass_invalid: 401,
  login_refused: 401,
  act_refused: 403,
  registration_closed: 403,
  invitation_invalid: 403,
  address_refused: 403,
  account_closing: 403,
  account_suspended: 403,
  reports_closed: 403,
  route_unknown: 404,
  not_found: 404,
  method_wrong: 405,
  address_taken: 409,
  exists_differently: 409,
  statement_refused: 409,
  upload_incomplete: 409,
  part_damaged: 409,
  cursor_old: 410,
  body_too_large: 413,
  too_many: 413,
  range_outside: 416,
  rate_limited: 429,
  account_new: 429,
  internal: 500,
  storage_failed: 503,
  head_missing: 503,
  key_log_closed: 503,
  busy: 503,
  quota_full: 507,
} as const;

export type WireErrorCode = keyof typeof WIRE_ERRORS;

/** What any route may answer besides its own codes. */
export const COMMON_ERRORS: readonly WireErrorCode[] = [
  'request_malformed',
  'body_too_large',
  'method_wrong',
  'rate_limited',
  'storage_failed',
  'busy',
  'internal',
];
