/** Only rows in sight are in the page, of lists of any length. All rows are of one height, so no row is ever measured. */
import { rowsInSight } from './rows-in-sight.ts';

export interface VirtualRow {
  readonly index: number;
  /** From the top of the list. */
  readonly startPx: number;
}

export class VirtualRows {
  items: readonly VirtualRow[] = $state.raw([]);
  totalPx: number = $state(0);
  readonly #scroller: HTMLElement;
  readonly #rowPx: number;
  #count = 0;
  #first = 0;
  #end = 0;
  /** Read when the box changes: reading it while one scrolls would lay the page out anew at each frame. */
  #heightPx = 0;

  /** @param rowPx height of every row */
  constructor(scroller: HTMLElement, rowPx: number) {
    this.#scroller = scroller;
    this.#rowPx = rowPx;
  }

  /** @returns what ends it */
  begin(): () => void {
    const scroller = this.#scroller;
    const look = (): void => this.#look();
    const sized = new ResizeObserver(([entry]) => {
      this.#heightPx = entry?.contentRect.height ?? 0;
      look();
    });
    sized.observe(scroller);
    scroller.addEventListener('scroll', look, { passive: true });
    return () => {
      sized.disconnect();
      scroller.removeEventListener('scroll', look);
    };
  }

  count(count: number): void {
    this.#count = count;
    this.totalPx = count * this.#rowPx;
    this.#look();
  }

  /** As little as it takes to have the whole row in sight. */
  scrollTo(index: number): void {
    const top = index * this.#rowPx;
    const { scrollTop } = this.#scroller;
    if (top < scrollTop) this.#scroller.scrollTop = top;
    else if (top + this.#rowPx > scrollTop + this.#heightPx)
      this.#scroller.scrollTop = top + this.#rowPx - this.#heightPx;
    this.#look();
  }

  #look(): void {
    const { first, end } = rowsInSight({
      topPx: this.#scroller.scrollTop,
      heightPx: this.#heightPx,
      rowPx: this.#rowPx,
      count: this.#count,
    });
    if (first === this.#first && end === this.#end) return;
    this.#first = first;
    this.#end = end;
    this.items = Array.from({ length: end - first }, (_, at) => ({
      index: first + at,
      startPx: (first + at) * this.#rowPx,
    }));
  }
}
