/** A language made out of English, to find what is cut off, put together or forgotten. */
import { en, type Messages } from './en.ts';
import { pseudoText } from './pseudo-text.ts';

type Node = string | ((...values: never[]) => string) | readonly Node[] | { readonly [key: string]: Node };

function pseudo(node: Node): Node {
  if (typeof node === 'string') return pseudoText(node);
  if (typeof node === 'function') return (...values: never[]) => pseudoText(node(...values));
  if (Array.isArray(node)) return node.map(pseudo);
  return Object.fromEntries(Object.entries(node).map(([key, each]) => [key, pseudo(each)]));
}

export const pseudoMessages: Messages = pseudo(en) as unknown as Messages;
