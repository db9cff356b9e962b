/** Nothing is open: asked after a lock, or before the first unlock. */
export class AccountClosedError extends Error {
  override readonly name = 'AccountClosedError';
  readonly code = 'account_closed';

  constructor() {
    super('no account is open in this tab');
  }
}
