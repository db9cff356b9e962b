import { formatVerifierKey } from '../note/verifier-key.ts';
import { TlogError } from '../errors.ts';
import { parsePolicy } from './parse-policy.ts';
import type { Policy } from './policy.ts';

/**
 * A policy as text: logs, witnesses, groups, quorum, one line each, in the order that they have.
 * @throws TlogError `argument_invalid` where no `parsePolicy` would take the result
 */
export function formatPolicy({ logs, witnesses, groups, quorum }: Policy): string {
  const lines = [
    ...logs.map(({ key, url }) => ['log', formatVerifierKey(key), url]),
    ...witnesses.map(({ name, key, url }) => ['witness', name, formatVerifierKey(key), url]),
    ...groups.map(({ name, threshold, members }) => ['group', name, String(threshold), ...members]),
    ['quorum', quorum],
  ];
  const words = lines.map((line) => line.filter((item) => item !== null));
  if (words.some((line) => line.some((item) => item === '' || /[ \t\n]/.test(item)))) {
    throw new TlogError('argument_invalid', 'a name or address in this policy is empty or has white space');
  }
  const text = words.map((line) => `${line.join(' ')}\n`).join('');
  try {
    parsePolicy(text);
  } catch (cause) {
    throw new TlogError('argument_invalid', 'this policy cannot be written', { cause });
  }
  return text;
}
