import { contactKeys, verifiedByHuman, type Client, type ContactKeys } from '@latchkey/sdk/client';
import { CliError, usageError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { quoted } from '../quoted.ts';
import { formatInstant } from '../terminal/format-time.ts';
import { printable } from '../terminal/printable.ts';
import { withAccount } from '../with-account.ts';
import { changedWords, trustWords } from './trust-words.ts';

/** `show`, `history` and `verify`: whose keys are whose, as the key log proves it. */
export async function contactKeysAction(invocation: Invocation, address: string | undefined): Promise<void> {
  const { operand: action, report } = invocation;
  const words = invocation.value('words');
  if (address === undefined)
    throw usageError('Say whose keys', `Give an address: latchkey keys ${action ?? ''} ADDRESS`);
  await withAccount(async (client) => {
    const contact = await contactKeys(client, address);
    const { resolution } = contact;
    if (resolution.outcome === 'unknown') {
      throw new CliError('contact_unknown', 'not_found', {
        message: `The server has no account ${quoted(address)}`,
        advice: 'Check the spelling',
      });
    }
    if (resolution.outcome === 'changed') {
      if (action === 'verify' && contact.words !== null && resolution.claimant !== undefined) {
        await verifyClaimant(invocation, { client, contact, changed: resolution });
        return;
      }
      throw new CliError('keys_refused', 'distrust', {
        message: `The keys of ${address} are not taken: ${changedWords(resolution.reason)} [${resolution.reason}]`,
        advice:
          resolution.claimant === undefined
            ? 'Ask them in another way, and do not write to them until it is explained'
            : `Do not write to them before you know who it is; with whoever it is compare words: latchkey keys verify ${address}`,
      });
    }
    const facts = { command: 'keys', ...factsOf(contact) };
    if (action === 'verify') {
      const isNoted = words !== undefined && (await noteCompared(client, contact, words));
      const verdict = words === undefined ? {} : { equal: true, noted: isNoted };
      report.answer({ facts: { ...facts, ...verdict }, text: verifyText(contact, words, isNoted) });
      return;
    }
    report.answer({ facts, text: action === 'history' ? historyText(contact) : showText(contact) });
  });
}

interface Claimed {
  readonly client: Client;
  readonly contact: ContactKeys;
  readonly changed: Extract<ContactKeys['resolution'], { outcome: 'changed' }>;
}

/** Somebody holds an address that is blocked: comparing says who, and lifts it. */
async function verifyClaimant(
  invocation: Invocation,
  { client, contact, changed: { address, claimant, reason } }: Claimed,
): Promise<void> {
  if (claimant === undefined) throw new TypeError('there is nobody to compare with');
  const { report } = invocation;
  const words = invocation.value('words');
  const { identity } = claimant;
  const facts = {
    command: 'keys',
    address,
    refused: reason,
    version: identity.statement.version,
    identity: hex(identity.hash),
    words: contact.words,
  };
  const head = `${address}: ${changedWords(reason)}. Nobody is written to there before you have compared.`;
  if (words === undefined) {
    const text = [
      head,
      ...wordLines(contact),
      'Read them to each other, in a call or face to face, and know the voice.',
      '',
    ];
    report.answer({ facts, text: text.join('\n') });
    return;
  }
  requireEqual(contact, words);
  await verifiedByHuman(client, address, identity.hash);
  const text = `The words are the same: ${address} is from now on whoever you have spoken to. Your vault notes it.\n`;
  report.answer({ facts: { ...facts, equal: true, noted: true }, text });
}

type Known = Extract<ContactKeys['resolution'], { outcome: 'known' }>;

function known({ resolution }: ContactKeys): Known {
  if (resolution.outcome !== 'known') throw new TypeError('only a known contact is shown');
  return resolution;
}

function factsOf(contact: ContactKeys): Readonly<Record<string, unknown>> {
  const { address, trust, identity, versions, resetCountsSeconds, witnesses = [], ...noted } = known(contact);
  const { sinceSeconds, verified, reissuedVersion = null } = noted;
  return {
    address,
    trust,
    witnesses,
    since: sinceSeconds === undefined ? null : formatInstant(sinceSeconds),
    verified: verified === undefined ? null : { identity: hex(verified.identity), at: formatInstant(verified.seconds) },
    version: identity.statement.version,
    identity: hex(identity.hash),
    reissuedVersion,
    words: contact.words,
    resetCounts: typeof resetCountsSeconds === 'number' ? new Date(resetCountsSeconds * 1_000).toISOString() : null,
    versions: versions.map(({ statement, hash }) => ({ version: statement.version, identity: hex(hash) })),
  };
}

function showText(contact: ContactKeys): string {
  const {
    address,
    trust,
    identity,
    resetCountsSeconds,
    witnesses = [],
    sinceSeconds,
    verified,
    ...more
  } = known(contact);
  const signers =
    trust === 'witnessed' && witnesses.length > 0 ? [`Signed    ${witnesses.map(printable).join(', ')}`] : [];
  const since = sinceSeconds === undefined ? [] : [`Known     since ${formatInstant(sinceSeconds)}`];
  const compared =
    verified === undefined
      ? 'nobody has compared the words yet'
      : `by you on ${formatInstant(verified.seconds)}, ${hex(verified.identity)}`;
  const reset =
    resetCountsSeconds === undefined
      ? []
      : [
          resetCountsSeconds === null
            ? 'Reset     announced with an older kit; the new keys never count by themselves. Ask them whether it was they'
            : `Reset     announced; new keys count from ${new Date(resetCountsSeconds * 1_000).toISOString()}. Ask them whether it was they`,
        ];
  return [
    `Address   ${address}`,
    `Keys      version ${identity.statement.version}, ${hex(identity.hash)}`,
    `Trust     ${trustWords(trust)}`,
    ...signers,
    ...personLines(more.reissuedVersion),
    ...since,
    ...(trust === 'own' ? [] : [`Compared  ${compared}`]),
    ...reset,
    ...wordLines(contact),
    '',
  ].join('\n');
}

function personLines(version: number | undefined): readonly string[] {
  if (version === undefined) return [];
  return [`Person    the address was given to them with version ${version}; who had it before is somebody else`];
}

function historyText(contact: ContactKeys): string {
  return known(contact)
    .versions.map(({ statement, hash }) => `version ${statement.version}  ${hex(hash)}\n`)
    .join('');
}

/** @returns whether the vault says so from now on @throws CliError `words_differ` */
async function noteCompared(client: Client, contact: ContactKeys, words: string): Promise<boolean> {
  requireEqual(contact, words);
  const { address, identity, trust } = known(contact);
  if (trust === 'own') return false;
  await verifiedByHuman(client, address, identity.hash);
  return true;
}

function verifyText(contact: ContactKeys, words: string | undefined, isNoted: boolean): string {
  if (words === undefined) {
    return [
      ...wordLines(contact),
      'Read them to each other, in a call or face to face: both must have the same twelve.',
      '',
    ].join('\n');
  }
  const noted = isNoted ? ' Your vault notes that you have compared them.' : '';
  return `The words are the same: ${known(contact).address} has the keys that you see.${noted}\n`;
}

function requireEqual({ words }: ContactKeys, typed: string): void {
  if (words !== null && typed.trim().toLowerCase().split(/\s+/).join(' ') === words.join(' ')) return;
  throw new CliError('words_differ', 'distrust', {
    message: 'The words are not the ones that you should both see',
    advice: 'Check for a slip; if they differ, somebody stands between you: do not write, and keep what you have',
  });
}

function wordLines({ words }: ContactKeys): readonly string[] {
  if (words === null) return ['Words     none: the first version of these keys was not seen'];
  return [`Words     ${words.slice(0, 6).join(' ')}`, `          ${words.slice(6).join(' ')}`];
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
