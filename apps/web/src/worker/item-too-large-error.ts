/** Larger than what is held in memory where no stream can be had. */
export class ItemTooLargeError extends Error {
  override readonly name = 'ItemTooLargeError';
  readonly code = 'item_too_large_here';

  constructor() {
    super('the attachment is too large to be held in memory');
  }
}
