import { trustPolicy, type TrustPolicy } from '@latchkey/sdk/client';
import type { Invocation } from '../invocation.ts';
import { withAccount } from '../with-account.ts';

/** Whom this account believes about keys, and why. */
export async function policy({ report }: Invocation): Promise<void> {
  await withAccount(async (client) => {
    const pinned = await trustPolicy(client);
    report.answer({ facts: { command: 'keys', policy: pinned }, text: policyText(pinned) });
  });
}

function policyText(pinned: TrustPolicy | null): string {
  if (pinned === null) return 'This account has seen no key log: keys are pinned at first use.\n';
  const from = pinned.from === 'hash' ? 'by invitation, card or kit' : 'trusted on first use: the server said so, once';
  return `Key log of ${pinned.domain}, ${from}.\n\n${pinned.policy}`;
}
