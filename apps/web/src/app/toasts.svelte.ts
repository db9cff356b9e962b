/** Short messages at the lower edge, read out politely. One at a time: a newer one takes the place. */
export interface Toast {
  readonly words: string;
  readonly undo?: (() => void) | undefined;
  readonly tone?: 'plain' | 'danger';
}

/** Long enough to read it and to reach the button; WCAG 2.2.1 is kept by the key for undo, which has no time limit. */
const SHOWN_MS = 8000;

class Toasts {
  current: Toast | null = $state.raw(null);
  /** What `z` undoes. */
  #lastUndo: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(toast: Toast): void {
    this.current = toast;
    if (toast.undo !== undefined) this.#lastUndo = toast.undo;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.hide(), SHOWN_MS);
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.current = null;
  }

  undo(): void {
    const undo = this.#lastUndo;
    this.#lastUndo = null;
    this.hide();
    undo?.();
  }

  forget(): void {
    this.#lastUndo = null;
    this.hide();
  }
}

export const toasts: Toasts = new Toasts();
