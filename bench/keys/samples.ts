/** What a client is shown, as text that goes to another process or into a page. */
import type { LargePin, Shown } from './large-directory.ts';
import type { StoredHead } from '../../packages/key-directory/src/verify.ts';

export interface Sample {
  readonly label: string;
  readonly position: number;
  readonly firstTime: Shown;
  readonly known: Shown;
}

export interface Samples {
  readonly leaves: number;
  readonly pin: LargePin;
  readonly earlier: StoredHead;
  readonly people: readonly Sample[];
}

const MARK = 'base64:';

export function packSamples(samples: Samples): string {
  return JSON.stringify(samples, (_key, value: unknown) =>
    value instanceof Uint8Array ? `${MARK}${btoa(String.fromCodePoint(...value))}` : value,
  );
}

export function unpackSamples(text: string): Samples {
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(MARK)
      ? Uint8Array.from(atob(value.slice(MARK.length)), (char) => char.codePointAt(0) ?? 0)
      : value,
  ) as Samples;
}
