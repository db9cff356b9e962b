/** Light, dark, high contrast, or as the system says. Kept in this browser until its storage is cleared. */
export const LOOKS = ['system', 'light', 'dark', 'contrast'] as const;
export type Look = (typeof LOOKS)[number];

const KEPT_AS = 'latchkey.look';

function isLook(value: string | null): value is Look {
  return LOOKS.some((look) => look === value);
}

class Appearance {
  look: Look = $state('system');

  /** Before the first paint. */
  read(): void {
    const kept = localStorage.getItem(KEPT_AS);
    // Who asks the system for more contrast gets it without looking for a switch.
    const asked = matchMedia('(prefers-contrast: more)').matches ? 'contrast' : 'system';
    this.#apply(isLook(kept) ? kept : asked);
  }

  choose(look: Look): void {
    localStorage.setItem(KEPT_AS, look);
    this.#apply(look);
  }

  #apply(look: Look): void {
    this.look = look;
    document.documentElement.dataset['theme'] = look;
  }
}

export const appearance: Appearance = new Appearance();
