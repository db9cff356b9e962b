/** The keyboard map: what `?` shows is what the keys do. Letters act only outside of fields and dialogs. */
import type { Messages } from '../../messages/en.ts';

export type KeyAction = Exclude<keyof Messages['keyboard'], 'title' | 'groups' | 'andThen' | 'send'>;

export interface KeyRow {
  readonly keys: readonly [string] | readonly [string, string];
  readonly action: KeyAction;
  readonly group: keyof Messages['keyboard']['groups'];
}

export const KEY_TABLE: readonly KeyRow[] = [
  { keys: ['j'], action: 'down', group: 'move' },
  { keys: ['k'], action: 'up', group: 'move' },
  { keys: ['Enter'], action: 'open', group: 'move' },
  { keys: ['u'], action: 'back', group: 'move' },
  { keys: ['g', 'i'], action: 'goInbox', group: 'move' },
  { keys: ['g', 'r'], action: 'goRequests', group: 'move' },
  { keys: ['g', 's'], action: 'goStarred', group: 'move' },
  { keys: ['g', 't'], action: 'goSent', group: 'move' },
  { keys: ['g', 'a'], action: 'goArchive', group: 'move' },
  { keys: ['g', 'c'], action: 'goContacts', group: 'move' },
  { keys: ['g', ','], action: 'goSettings', group: 'move' },
  { keys: ['r'], action: 'reply', group: 'act' },
  { keys: ['a'], action: 'replyAll', group: 'act' },
  { keys: ['f'], action: 'forward', group: 'act' },
  { keys: ['e'], action: 'archive', group: 'act' },
  { keys: ['#'], action: 'trash', group: 'act' },
  { keys: ['s'], action: 'star', group: 'act' },
  { keys: ['x'], action: 'select', group: 'act' },
  { keys: ['U'], action: 'unread', group: 'act' },
  { keys: ['w'], action: 'who', group: 'act' },
  { keys: ['c'], action: 'compose', group: 'app' },
  { keys: ['/'], action: 'search', group: 'app' },
  { keys: ['z'], action: 'undo', group: 'app' },
  { keys: ['L'], action: 'lock', group: 'app' },
  { keys: ['?'], action: 'help', group: 'app' },
];

/** Where nothing else takes them, arrows move too, as in every list. */
const ARROWS: Readonly<Record<string, KeyAction | undefined>> = { ArrowDown: 'down', ArrowUp: 'up' };

/** How long the second key of a pair may take. */
const PAIR_MS = 1500;

/** Puts keys together. Give it every key; it gives the action, if this was the last key of one. */
export class KeyReader {
  #first: { readonly key: string; readonly atMs: number } | null = null;

  read(key: string, nowMs: number): KeyAction | null {
    const first = this.#first;
    this.#first = null;
    if (first !== null && nowMs - first.atMs <= PAIR_MS) {
      const pair = KEY_TABLE.find(({ keys }) => keys.length === 2 && keys[0] === first.key && keys[1] === key);
      if (pair !== undefined) return pair.action;
    }
    const arrow = ARROWS[key];
    if (arrow !== undefined) return arrow;
    const single = KEY_TABLE.find(({ keys }) => keys.length === 1 && keys[0] === key);
    if (single !== undefined) return single.action;
    if (KEY_TABLE.some(({ keys }) => keys.length === 2 && keys[0] === key)) this.#first = { key, atMs: nowMs };
    return null;
  }
}
