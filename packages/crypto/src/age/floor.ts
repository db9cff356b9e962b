/**
 * The floor per item, not per header: a file key wrapped to something that withstands a quantum computer is
 * never also wrapped to something that does not (docs/spec/01-item.md, "Floor").
 */
import type { WrapKind } from './kinds.ts';

export type Floor = 'post-quantum' | 'classical';

const FLOORS: Readonly<Record<WrapKind, Floor>> = {
  mlkem768x25519: 'post-quantum',
  secret256: 'post-quantum',
  X25519: 'classical',
  scrypt: 'classical',
};

/** The one floor of all that a file key is wrapped to, in whatever header; null where the kinds may not meet. */
export function floorOf(kinds: readonly WrapKind[]): Floor | null {
  const floors = new Set(kinds.map((kind) => FLOORS[kind]));
  const [floor] = floors;
  return floors.size === 1 && floor !== undefined ? floor : null;
}
