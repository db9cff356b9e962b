import {
  planPolicy,
  planWitnesses,
  takePolicy,
  trustPolicy,
  type Client,
  type PlannedPolicy,
  type TrustedCosigner,
  type TrustPolicy,
} from '@latchkey/sdk/client';
import { CliError, usageError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { quoted } from '../quoted.ts';
import { readSmallFile } from '../read-small-file.ts';
import { askYes } from '../terminal/ask-yes.ts';
import { withAccount } from '../with-account.ts';

/** Whom this account believes about keys, and why; with --file, whom it is to believe from now on. */
export async function policy(invocation: Invocation): Promise<void> {
  const { report } = invocation;
  const path = invocation.value('file');
  const text = path === undefined ? null : await readSmallFile(path, `policy ${quoted(path)}`);
  await withAccount(async (client) => {
    if (text !== null) {
      await confirmAndTake(invocation, client, await planPolicy(client, text));
      return;
    }
    const pinned = await trustPolicy(client);
    report.answer({ facts: { command: 'keys', policy: factsOf(pinned) }, text: policyText(pinned) });
  });
}

/** More witnesses, by the keys that they gave to the owner. */
export async function addWitness(invocation: Invocation): Promise<void> {
  const keys = invocation.operands.slice(1);
  if (keys.length === 0) {
    throw usageError(
      'Say which witness',
      "Give all its keys, as it published them: 'latchkey keys add-witness KEY KEY'",
    );
  }
  await withAccount(async (client) => confirmAndTake(invocation, client, await planWitnesses(client, keys)));
}

async function confirmAndTake(invocation: Invocation, client: Client, plan: PlannedPolicy): Promise<void> {
  const { report } = invocation;
  const { added, dropped, isAtLeastAsStrict } = plan;
  if (!report.json) report.say(planText(plan));
  if (!invocation.has('yes')) {
    const said = await askYes('Believe this from now on?');
    if (said === null) {
      throw usageError('Nobody is there to be asked', 'Look at what would change, and say --yes');
    }
    if (!said) {
      throw new CliError('policy_kept', 'unfit', {
        message: 'The trust policy stays as it is',
        advice: 'Nothing was changed',
      });
    }
  }
  await takePolicy(client, plan);
  report.answer({
    facts: { command: 'keys', policy: factsOf(await trustPolicy(client)), added, dropped, isAtLeastAsStrict },
    text: 'Taken, for all your devices. Print new cards and kits when it suits you: the old ones stay good.\n',
  });
}

function planText({ added, dropped, isAtLeastAsStrict }: PlannedPolicy): string {
  const lines = [
    ...added.map((each) => `Will be asked besides:  ${cosignerText(each)}`),
    ...dropped.map((each) => `Will not be asked any more:  ${cosignerText(each)}`),
    isAtLeastAsStrict
      ? 'No head is believed then that is not believed now, but for those that the added have signed.'
      : 'This is WEAKER than what is believed now. Whoever gave it to you decides whom you are shown.',
  ];
  return `${lines.join('\n')}\n`;
}

function cosignerText({ name, isOutside }: TrustedCosigner): string {
  return `${name}${isOutside ? '' : ' (the operator’s own)'}`;
}

const sources: Readonly<Record<TrustPolicy['from'], string>> = {
  hash: 'pinned by invitation, card or kit',
  first_use: 'trusted on first use: the server said so, once',
  owner: 'pinned before, with witnesses that you have added',
  file: 'from a file that you gave',
};

function factsOf(pinned: TrustPolicy | null): object | null {
  return pinned === null ? null : { ...pinned, hash: Buffer.from(pinned.hash).toString('hex') };
}

function policyText(pinned: TrustPolicy | null): string {
  if (pinned === null) return 'This account has seen no key log: keys are pinned at first use.\n';
  const { domain, from, cosigners, hash, policy: text } = pinned;
  const outside = cosigners.some(({ isOutside }) => isOutside)
    ? []
    : [
        'No outside witness. This server’s operator could show you a false key for a new contact. Known contacts are protected by their chain; compare words for new ones.',
      ];
  return [
    `Key log of ${domain}, ${sources[from]}.`,
    `Hash      ${Buffer.from(hash).toString('hex')}`,
    ...cosigners.map((each) => `Asked     ${cosignerText(each)}`),
    ...outside,
    '',
    text,
  ].join('\n');
}
