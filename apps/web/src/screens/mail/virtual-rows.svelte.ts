/** @tanstack/virtual-core for Svelte's runes: only rows in sight are in the page, of lists of any length. */
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
} from '@tanstack/virtual-core';

/** Rows beyond the edges, so that scrolling shows no gaps. */
const OVERSCAN = 6;

export class VirtualRows {
  items: readonly VirtualItem[] = $state.raw([]);
  totalPx: number = $state(0);
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;

  /** @param rowPx height of every row */
  constructor(scroller: HTMLElement, rowPx: number) {
    this.#virtualizer = new Virtualizer<HTMLElement, HTMLElement>({
      count: 0,
      getScrollElement: () => scroller,
      estimateSize: () => rowPx,
      overscan: OVERSCAN,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => this.#look(),
    });
  }

  /** @returns what ends it */
  begin(): () => void {
    const end = this.#virtualizer._didMount();
    this.#virtualizer._willUpdate();
    this.#look();
    return end;
  }

  count(count: number): void {
    this.#virtualizer.setOptions({ ...this.#virtualizer.options, count });
    this.#virtualizer._willUpdate();
    this.#look();
  }

  scrollTo(index: number): void {
    this.#virtualizer.scrollToIndex(index, { align: 'auto' });
  }

  #look(): void {
    this.items = this.#virtualizer.getVirtualItems();
    this.totalPx = this.#virtualizer.getTotalSize();
  }
}
