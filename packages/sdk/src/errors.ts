import type { WireErrorCode } from '@latchkey/protocol/wire';

/** Every way in which this room refuses. Errors of crypto, protocol and of the host pass through by their codes. */
export type SdkErrorCode =
  /** A seal without recipients and without a passphrase. */
  | 'recipients_missing'
  /** The stop signal was raised. */
  | 'stopped'

  /** Nobody answers at the server's address, or the connection was cut. Trying again is safe. */
  | 'server_unreachable'
  /** The answer does not fit its schema: no Latchkey server, a broken one, or one that lies. */
  | 'answer_malformed'
  /** The server names no key to which a message could be reported. */
  | 'reports_closed'
  /** Who wrote this message is not proved. */
  | 'sender_unverified'
  /** The server said no; `wire` says why. */
  | 'server_refused'
  /** A server that is not on this machine was to be spoken to without TLS. */
  | 'server_insecure'
  /** This is not how a server is named. */
  | 'origin_malformed'

  /** No account on this device. */
  | 'profile_missing'
  /** There is an account on this device already. */
  | 'profile_exists'
  /** The account is locked: the password opens it. */
  | 'profile_locked'
  /** A file of the profile cannot be read as what it was. */
  | 'profile_damaged'

  /** Password or account secret do not fit; the server cannot tell which, and so nobody can. */
  | 'login_wrong'
  /** The server's login key is not the one that this device, card or invitation pinned. */
  | 'login_server_changed'
  /** The server serves another origin or domain than it was asked for. */
  | 'server_differs'
  | 'card_malformed'
  | 'kit_malformed'
  /** The kit is not the one that the newest identity statement commits to. */
  | 'kit_wrong'
  | 'invitation_malformed'

  /** A statement whose signatures or chain do not hold. */
  | 'statement_unverified'
  /** The trust policy stays as it is. */
  | 'policy_refused'
  /** A contact card is not taken; `ContactCardError` says why. */
  | 'contact_card_refused'
  /** What the key log shows of the own account does not hold; `KeyLogError` says which rule, and why. */
  | 'key_log_refused'
  /** Nobody has announced other keys for this account. */
  | 'veto_needless'
  /** The kit has announced keys a second time: no veto stops them. */
  | 'veto_spent'
  /** The kit opens the account as it is: nothing has to be reset. */
  | 'reset_needless'
  /** New keys were announced on this device, and their account has not begun yet. */
  | 'reset_unfinished'
  /** The keys that were announced were vetoed, or others stand in their place. */
  | 'reset_vetoed'
  /** This account has seen no key log. */
  | 'key_log_missing'
  /** The vault opens, but what it must hold is not there. */
  | 'vault_incomplete'
  /** The login is right, but no latch that the server gives opens the vault. */
  | 'vault_shut'
  /** A registration that was begun for another address, or elsewhere, may have made an account: finish it, or log out. */
  | 'registration_unfinished'
  /** The card or the kit is for another address. */
  | 'address_differs'
  /** A lock-out was begun on this device: the account is used again when it is finished, by the same command. */
  | 'lock_out_unfinished'
  /** Neither this device's session nor the password with its account secret are taken any more. */
  | 'account_rekeyed'
  /** The address was somebody else's before, and whoever registers has not said that this is known. */
  | 'address_reissued'
  /** The session of this very device is not removed, but logged out of. */
  | 'session_current'

  /** The server shows an older state of a space than this device has seen. */
  | 'space_rolled_back'
  /** The server shows two devices two different histories of a space. */
  | 'space_forked'
  /** A change that is in the log is withheld or is not what the log says. */
  | 'space_altered'
  /** A record was sealed by a newer version of Latchkey. It is kept as it is. */
  | 'record_newer'
  /** A record or head was sealed under an epoch whose secret is not in the keyring. */
  | 'epoch_unknown'
  /** Other devices changed the same records again and again; nothing was written. Trying later is safe. */
  | 'space_busy'
  /** A record's body is larger than a sealed record may be. */
  | 'record_too_large'

  /** Nobody could be written to; the outcome of each address says why. Nothing was sent. */
  | 'recipients_refused'
  /** Another process goes on with this message on its way, or has ended it. */
  | 'outbox_taken'
  /** More named recipients than fit the first chunk of a message. */
  | 'recipients_too_many'
  /** The body or the subject is larger, or the attachments are more, than a message may have. */
  | 'message_too_large'
  | 'message_not_found'
  /** It lies elsewhere: only what lies in the trash is deleted for good. */
  | 'message_not_in_trash'
  /** More than one message begins with this id. */
  | 'message_ambiguous'
  /** An item that the server gives is not the one that was signed, or does not open. */
  | 'item_altered'
  /** The server says that it has no such item, which it took. */
  | 'item_withheld'
  /** An attachment's file changed while it was being sent. */
  | 'attachment_changed'
  | 'attachment_not_found';

export class SdkError extends Error {
  override readonly name = 'SdkError';
  readonly code: SdkErrorCode;

  constructor(code: SdkErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The server said no, with one of the codes of the wire. */
export class RefusedError extends SdkError {
  readonly wire: WireErrorCode;
  readonly retryAfterSeconds: number | null;

  constructor(wire: WireErrorCode, retryAfterSeconds: number | null = null) {
    super('server_refused', `the server refused: ${wire}`);
    this.wire = wire;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
