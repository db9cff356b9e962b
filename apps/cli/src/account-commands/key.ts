import { usageError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { withAccount } from '../with-account.ts';

/** Newest first, as a file that every age program takes. */
export async function key(invocation: Invocation): Promise<void> {
  const { report } = invocation;
  if (!invocation.has('age-identity')) {
    throw usageError('Say which key', 'latchkey key --age-identity prints what opens everything that is sealed to you');
  }
  await withAccount((client) => {
    const identities = client.keys.all.map(({ identity, sealIdentity }) => ({
      version: identity.statement.version,
      identity: sealIdentity,
    }));
    report.answer({
      facts: { command: 'key', address: client.address, identities },
      text: identities
        .map(({ version, identity }) => `# ${client.address}, version ${version}\n${identity}\n`)
        .join(''),
    });
    return Promise.resolve();
  }, offline);
}

const offline = { checksKeys: false } as const;
