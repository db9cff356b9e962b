import { SdkError } from '../../errors.ts';

/** Why a contact card is not taken. */
export type ContactCardReason =
  /** No card, one of a newer version, or one that was changed on its way. */
  | 'malformed'
  /** Of another server than this account is at. */
  | 'origin_differs'
  /** Its owner believes another trust policy than this account. */
  | 'policy_differs'
  /** Its statement does not stand in the key log as it says. */
  | 'proof_wrong'
  /** It shows another history of the key log than this account sees. */
  | 'log_differs'
  /** Its owner has other keys by now. */
  | 'identity_replaced'
  /** The key log has never had this identity under the address. */
  | 'identity_unknown'
  /** One's own. */
  | 'own_card'
  /** This server has no key log, or has not published the own keys yet. */
  | 'log_missing';

const MESSAGES: Readonly<Record<ContactCardReason, string>> = {
  malformed: 'this is no contact card, or it was changed on its way',
  origin_differs: 'this contact card is of another server',
  policy_differs: 'the owner of this contact card trusts other witnesses than this account',
  proof_wrong: 'what this contact card says does not stand in the key log',
  log_differs: 'the server has shown its owner another key log than this account',
  identity_replaced: 'the keys on this contact card have been replaced since',
  identity_unknown: 'the key log has never had the keys on this contact card',
  own_card: 'this is the own contact card',
  log_missing: 'there is no key log to prove a contact card by',
};

export class ContactCardError extends SdkError {
  readonly reason: ContactCardReason;
  /** Of the key log, where it refused (docs/spec/14-proving-directory.md); null for a reason of cards. */
  readonly refused: string | null;

  constructor(reason: ContactCardReason, options: ErrorOptions & { readonly refused?: string } = {}) {
    super('contact_card_refused', MESSAGES[reason], options);
    this.reason = reason;
    this.refused = options.refused ?? null;
  }
}
