import type { ContactKeys } from '@latchkey/sdk/client';

type Known = Extract<ContactKeys['resolution'], { outcome: 'known' }>;
type Changed = Extract<ContactKeys['resolution'], { outcome: 'changed' }>;

const trusts: Readonly<Record<Known['trust'], string>> = {
  first_use: 'seen for the first time; nobody but the operator vouches for it: compare the words',
  pinned: 'the same as before, or signed by what was before',
  proved:
    "proved by the key log; no outside witness. This server's operator could show you a false key for a new contact: compare the words",
  witnessed: 'proved by the key log, under a head that enough witnesses signed',
  own: 'yourself',
};

/** How keys came to be trusted, for people. */
export function trustWords(trust: Known['trust']): string {
  return trusts[trust];
}

const known: Readonly<Partial<Record<Changed['reason'], string>>> = {
  other_version_pinned: 'they are others than you know, without a signature of the old ones',
  chain_broken: 'they do not follow from what you know',
  older_than_pinned: 'the server shows older ones than you know',
  gone: 'the server no longer shows any',
  reissued: 'the address was given to somebody else: it is a different person',
  reissue_on_hold: 'the address was given to a different person a short while ago',
  disputed: 'two people hold the address',
};

/** Why somebody's keys are not taken, for people; the code stands beside it. */
export function changedWords(reason: Changed['reason']): string {
  return known[reason] ?? 'the server does not prove what it shows';
}
