/** Every way in which this room refuses input. The codes are stable; messages are for people and may change. */
export type CryptoErrorCode =
  | 'header_malformed'
  | 'header_too_large'
  | 'header_mac_wrong'
  | 'recipient_malformed'
  | 'identity_malformed'
  | 'passphrase_wrong'
  | 'passphrase_work_too_high'
  | 'recipients_mixed'
  | 'recipients_below_floor'
  | 'payload_damaged'
  | 'payload_truncated'
  | 'armor_malformed'
  | 'range_outside_payload'
  | 'record_malformed'
  | 'record_damaged'
  | 'latch_malformed'
  | 'delivery_damaged'
  | 'engine_operation_missing'
  | 'engine_self_test_failed'
  | 'login_message_malformed'
  | 'password_unfit'
  | 'card_malformed'
  | 'kit_malformed'
  | 'contact_malformed'
  | 'engine_thread_failed'
  | 'argument_invalid';

/** Broken, hostile or impossible input. "Not for me" and signature verdicts are values, never errors. */
export class CryptoError extends Error {
  override readonly name = 'CryptoError';
  readonly code: CryptoErrorCode;

  constructor(code: CryptoErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
