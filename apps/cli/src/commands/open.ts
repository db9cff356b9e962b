import { fileSource, openHost } from '@latchkey/host-node';
import { openByHand, type OpenOutcome, type ReaderKind } from '@latchkey/sdk/by-hand';
import { CliError } from '../errors.ts';
import { readIdentities } from '../identities.ts';
import type { Invocation } from '../invocation.ts';
import { refuseSharedStandardInput } from '../one-standard-input.ts';
import { openOutput } from '../output.ts';
import { passphraseSource, readPassphrase } from '../passphrase.ts';
import { stoppable } from '../stoppable.ts';
import { watchProgress } from '../terminal/watch-progress.ts';

/** Identities → input → output → open → tell. */
export async function open(invocation: Invocation): Promise<void> {
  const { report } = invocation;
  refuseSharedStandardInput(invocation);
  const input = invocation.operand ?? '-';
  const identities: string[] = [];
  for (const path of invocation.values('identity')) identities.push(...(await readIdentities(path)));
  if (input === '-' && process.stdin.isTTY) report.note('Reading from the terminal; end with Ctrl-D');

  await stoppable(async (stop) => {
    const from = await fileSource(input);
    const host = await openHost();
    try {
      const output = await openOutput(invocation, 'unknown');
      stop.onForcedEnd(() => output.sink.discard());
      const bar = watchProgress(report, { verb: 'Opening', outputOnTerminal: output.onTerminal });
      let opened: OpenOutcome;
      try {
        opened = await openByHand(host, {
          source: from,
          sink: output.sink,
          identities,
          passphrase: () => passphraseFor(invocation, identities.length > 0),
          signal: stop.signal,
          onProgress: bar.show,
        });
      } finally {
        bar.end();
      }
      if (opened.outcome === 'not_for_me') throw notForMe(opened.readers, identities.length > 0);
      report.answer({
        facts: { command: 'open', output: output.name, plaintextBytes: opened.plaintextBytes, armor: opened.armored },
        outputCarriesData: output.carriesData,
      });
    } finally {
      await host.close();
      await from.close();
    }
  });
}

/** Called only where the file needs a passphrase. */
async function passphraseFor(invocation: Invocation, identitiesGiven: boolean): Promise<string | null> {
  const source = passphraseSource(invocation);
  if (source === 'given') return readPassphrase(invocation);
  if (source === 'none' && identitiesGiven) return null;
  const { askPassphrase } = await import('../terminal/ask-passphrase.ts');
  return askPassphrase('Passphrase: ');
}

function notForMe(readers: readonly ReaderKind[], identitiesGiven: boolean): CliError {
  if (readers.includes('scrypt')) {
    return new CliError('not_for_me', 'not_for_me', {
      message: 'This file is sealed with a passphrase, not to an identity',
      advice: 'Open it with -p',
    });
  }
  return identitiesGiven
    ? new CliError('not_for_me', 'not_for_me', {
        message: 'This file is sealed to others: none of these identities opens it',
        advice: 'Give the identity whose recipient it was sealed to; -i may be repeated',
      })
    : new CliError('identity_missing', 'not_for_me', {
        message: 'This file is sealed to an identity, and none was given',
        advice: 'Give your identity file with -i',
      });
}
