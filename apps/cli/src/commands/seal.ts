import { fileSource, openHost } from '@latchkey/host-node';
import { sealByHand, type Sealed } from '@latchkey/sdk/by-hand';
import { CliError, usageError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { openOutput } from '../output.ts';
import { passphraseSource, readPassphrase } from '../passphrase.ts';
import { readRecipients } from '../recipients.ts';
import { stoppable } from '../stoppable.ts';
import { askNewPassphrase } from '../terminal/ask-passphrase.ts';
import { watchProgress } from '../terminal/watch-progress.ts';

/** Recipients or passphrase → input → output → seal → tell. */
export async function seal(invocation: Invocation): Promise<void> {
  const { report } = invocation;
  refuseContradictions(invocation);
  const input = invocation.operand ?? '-';
  const source = passphraseSource(invocation);
  const recipients = await readRecipients(invocation);
  const passphrase =
    source === 'none' ? undefined : source === 'terminal' ? await askNewPassphrase() : await readPassphrase(invocation);
  if (input === '-' && process.stdin.isTTY) report.note('Reading from the terminal; end with Ctrl-D');

  await stoppable(async (stop) => {
    const from = await fileSource(input);
    const host = await openHost();
    try {
      const output = await openOutput(invocation, invocation.has('armor') ? 'text' : 'binary');
      stop.onForcedEnd(() => output.sink.discard());
      const bar = watchProgress(report, { verb: 'Sealing', outputOnTerminal: output.onTerminal });
      let sealed: Sealed;
      try {
        sealed = await sealByHand(host, {
          source: from,
          sink: output.sink,
          armor: invocation.has('armor'),
          signal: stop.signal,
          onProgress: bar.show,
          ...(passphrase === undefined ? { recipients } : { passphrase }),
        });
      } finally {
        bar.end();
      }
      const postQuantum = !sealed.readers.includes('x25519');
      if (!postQuantum) {
        report.warn(
          'not_post_quantum',
          'Not post-quantum: age1… recipients may be opened by whoever keeps the file until quantum computers exist',
        );
      }
      report.answer({
        facts: { command: 'seal', output: output.name, postQuantum, armor: invocation.has('armor'), ...sealed },
        outputCarriesData: output.carriesData,
      });
    } finally {
      await host.close();
      await from.close();
    }
  });
}

function refuseContradictions(invocation: Invocation): void {
  const withPassphrase = passphraseSource(invocation) !== 'none';
  const withRecipients = invocation.has('recipient') || invocation.has('recipients-file');
  if (withPassphrase && withRecipients) {
    throw new CliError('passphrase_with_recipients', 'floor', {
      message: 'A passphrase and recipients cannot stand in one file: it would be as weak as the passphrase',
      advice: 'Seal it twice, once each way',
    });
  }
  if (!withPassphrase && !withRecipients) {
    throw usageError(
      'Nobody could open the result: there is no recipient',
      'Give one with -r, or a file of them with -R, or seal with a passphrase: -p',
    );
  }
  const fromStandardInput = [
    invocation.operand ?? '-',
    ...invocation.values('recipients-file'),
    invocation.value('passphrase-file'),
    invocation.value('passphrase-fd') === '0' ? '-' : undefined,
  ].filter((name) => name === '-');
  if (fromStandardInput.length > 1)
    throw usageError('Two things cannot both come from standard input', 'Put one of them into a file');
}
