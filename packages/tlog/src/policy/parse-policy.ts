import { parseDecimal } from '../decimal.ts';
import { TlogError } from '../errors.ts';
import { MAX_POLICY_CHARS } from '../limits.ts';
import { cosignatureTypes, logTypes, type SignatureType } from '../note/signature-type.ts';
import { parseVerifierKey, type VerifierKey } from '../note/verifier-key.ts';
import { malformed, PolicyBuilder } from './policy-builder.ts';
import type { Policy } from './policy.ts';

/** Everything but tab, newline and what prints (C2SP tlog-policy, "Character set"). */
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f]/;

/**
 * Reads a policy file (C2SP tlog-policy, "Policy file syntax and structure"). Text that is not UTF-8 cannot be given.
 * Logs may have keys of `logTypes`, witnesses of `cosignatureTypes`.
 * @throws TlogError `policy_malformed`
 */
export function parsePolicy(text: string): Policy {
  if (text.length > MAX_POLICY_CHARS) throw malformed('it is too long');
  if (!text.isWellFormed() || FORBIDDEN.test(text)) throw malformed('it has a character that it may not have');
  if (!text.endsWith('\n')) throw malformed('the last line does not end with a newline');
  const builder = new PolicyBuilder();
  for (const line of text.slice(0, -1).split('\n')) {
    const items = line.split(/[ \t]+/).filter((item) => item !== '');
    const [keyword] = items;
    if (keyword !== undefined && !keyword.startsWith('#')) addLine(builder, items);
  }
  return builder.build();
}

function addLine(builder: PolicyBuilder, [keyword = '', ...items]: readonly string[]): void {
  switch (keyword) {
    case 'log': {
      const [key, url = null] = between(items, 1, 2);
      builder.addLog({ key: readKey(key, logTypes), url });
      return;
    }
    case 'witness': {
      const [name = '', key, url = null] = between(items, 2, 3);
      builder.addWitness({ name, key: readKey(key, cosignatureTypes), url });
      return;
    }
    case 'group': {
      const [name = '', threshold = '', ...members] = between(items, 3, Infinity);
      builder.addGroup({ name, threshold: readThreshold(threshold, members.length), members });
      return;
    }
    case 'quorum': {
      const [name = ''] = between(items, 1, 1);
      builder.setQuorum(name);
      return;
    }
    default:
      throw malformed('a line begins with an unknown word');
  }
}

function between(items: readonly string[], least: number, most: number): readonly string[] {
  if (items.length < least || items.length > most) throw malformed('a line has too few or too many parts');
  return items;
}

function readThreshold(text: string, members: number): number {
  if (text === 'all') return members;
  if (text === 'any') return 1;
  const threshold = parseDecimal(text);
  if (threshold === null) throw malformed('a group takes all, any, or a number of its members');
  return threshold;
}

function readKey(text: string | undefined, types: readonly SignatureType[]): VerifierKey {
  try {
    return parseVerifierKey(text ?? '', types);
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause;
    throw malformed('a line has not the key that it should have', { cause });
  }
}
