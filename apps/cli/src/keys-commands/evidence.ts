import { keyEvidence, verifyEvidence } from '@latchkey/sdk/client';
import { CliError, usageError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { quoted } from '../quoted.ts';
import { readSmallFile } from '../read-small-file.ts';
import { formatInstant } from '../terminal/format-time.ts';
import { withAccount, withHost } from '../with-account.ts';

/** What this account keeps against its operator; with an id, the file for somebody else to check. */
export async function listEvidence({ report }: Invocation, id: string | undefined): Promise<void> {
  await withAccount(async (client) => {
    await client.vault.catchUp();
    const kept = (await keyEvidence(client)).map((each) => ({ ...each, id: Buffer.from(each.id).toString('hex') }));
    if (id !== undefined) {
      const found = kept.filter((each) => each.id.startsWith(id.toLowerCase()));
      const [only] = found;
      if (only === undefined || found.length > 1) {
        throw new CliError('evidence_not_found', 'not_found', {
          message: `There is no evidence ${quoted(id)}`,
          advice: "See what there is with 'latchkey keys evidence'",
        });
      }
      const text = Buffer.from(only.file).toString('utf8');
      report.answer({ facts: { command: 'keys', evidence: JSON.parse(text) as unknown }, text });
      return;
    }
    report.answer({
      facts: {
        command: 'keys',
        evidence: kept.map(({ id: each, rule, reason, address, seenSeconds }) => ({
          id: each,
          rule,
          reason,
          address,
          seen: formatInstant(seenSeconds),
        })),
      },
      text:
        kept.length === 0
          ? 'Nothing is kept: the key log has not been caught in a lie.\n'
          : kept
              .map(
                (each) =>
                  `${each.id.slice(0, 8)}  ${formatInstant(each.seenSeconds)}  rule ${each.rule}  ${each.reason}  ${each.address}\n`,
              )
              .join(''),
    });
  });
}

/** With every leaf of a log that a device still keeps. */
const MOST_MIB = 32;

/** From the file alone: no account and no server are asked. */
export async function checkEvidence({ report }: Invocation, path: string | undefined): Promise<void> {
  if (path === undefined) throw usageError('Say which file', 'Give it: latchkey keys verify-evidence FILE');
  const text = await readSmallFile(path, `evidence ${quoted(path)}`, MOST_MIB);
  await withHost(async (host) => {
    const verdict = await verifyEvidence(host, new TextEncoder().encode(text));
    if (!verdict.holds && verdict.lacksLeaves === true) {
      throw new CliError('evidence_incomplete', 'distrust', {
        message: `${quoted(path)} speaks of entries of the key log that are not in it`,
        advice:
          "Ask for the file from the device that found it: 'latchkey keys tail', then 'latchkey keys evidence ID'",
      });
    }
    if (!verdict.holds) {
      throw new CliError('evidence_refused', 'distrust', {
        message: `${quoted(path)} proves nothing: it was changed, or no signature bears it out`,
        advice: 'Ask for another copy',
      });
    }
    const { rule, reason, address, shownBy, origin } = verdict;
    report.answer({
      facts: { command: 'keys', holds: true, rule, reason, address, shownBy, origin },
      text:
        shownBy === 'log'
          ? `It holds: the key log broke rule ${rule} (${reason}) for ${address}, under its own signatures.\n${whose(origin)}`
          : `It holds if what the account that wrote it says is true, of which the key log has signed nothing:\nthen the key log broke rule ${rule} (${reason}) for ${address}.\n${whose(origin)}`,
    });
  });
}

/** Anybody can make a log, and let it lie. */
function whose(origin: string): string {
  return `The log is ${origin}\nCompare that with 'latchkey keys policy' of your own account: whoever has other keys has another log.\n`;
}
