/** What service worker and crypto worker say to each other about one request, over a port of its own. */

/** Service worker → page, with a port; the page hands both to its crypto worker. */
export interface ItemWanted {
  readonly item: string;
}

/** Crypto worker, first: what it is; `unknown` where another tab has it, or nobody any more. */
export type ItemFacts =
  | { readonly known: false }
  | {
      readonly known: true;
      readonly name: string;
      /** As the message says; what a browser is told is narrower. */
      readonly type: string;
      readonly sizeBytes: number;
      readonly as: 'save' | 'show';
    };

/** Service worker: the bytes from here to there, then piece by piece, then no more. */
export type ItemAsk =
  { readonly from: number; readonly to: number } | { readonly next: true } | { readonly stop: true };

/** Crypto worker, to each `next`. */
export type ItemPiece =
  { readonly piece: Uint8Array<ArrayBuffer> } | { readonly end: true } | { readonly failed: true };
