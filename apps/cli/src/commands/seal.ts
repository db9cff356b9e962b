import { fileSource, openHost, type FileSource, type Host } from '@latchkey/host-node';
import { sealByHand, type Sealed } from '@latchkey/sdk/by-hand';
import { CliError, usageError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { refuseSharedStandardInput } from '../one-standard-input.ts';
import { openOutput, type Output } from '../output.ts';
import { passphraseSource, readPassphrase } from '../passphrase.ts';
import { readRecipients } from '../recipients.ts';
import { stoppable } from '../stoppable.ts';
import { watchProgress } from '../terminal/watch-progress.ts';

/** Recipients → input → output → passphrase, if any → seal → tell. */
export async function seal(invocation: Invocation): Promise<void> {
  const { report } = invocation;
  refuseContradictions(invocation);
  refuseSharedStandardInput(invocation);
  const input = invocation.operand ?? '-';
  const armor = invocation.has('armor');
  const recipients = await readRecipients(invocation);
  if (input === '-' && process.stdin.isTTY) report.note('Reading from the terminal; end with Ctrl-D');

  await stoppable(async (stop) => {
    const from = await fileSource(input);
    const host = await openHost();
    try {
      const output = await openOutput(invocation, armor ? 'text' : 'binary');
      stop.onForcedEnd(() => output.sink.discard());
      const sealed = await sealTo(output, { from, host, invocation, recipients, signal: stop.signal });
      const postQuantum = !sealed.readers.includes('x25519');
      if (!postQuantum) {
        report.warn(
          'not_post_quantum',
          'Not post-quantum: whoever keeps a copy of this file may open it when quantum computers exist',
        );
      }
      report.answer({
        facts: { command: 'seal', output: output.name, postQuantum, armor, ...sealed },
        outputCarriesData: output.carriesData,
      });
    } finally {
      await host.close();
      await from.close();
    }
  });
}

interface SealJob {
  readonly from: FileSource;
  readonly host: Host;
  readonly invocation: Invocation;
  readonly recipients: readonly string[];
  readonly signal: AbortSignal;
}

async function sealTo(output: Output, job: SealJob): Promise<Sealed> {
  const { from, host, invocation, recipients, signal } = job;
  const { sink } = output;
  try {
    // Only now: nobody should think of a passphrase for a file that is not there.
    const passphrase = await newPassphrase(invocation);
    const bar = watchProgress(invocation.report, { verb: 'Sealing', outputOnTerminal: output.onTerminal });
    try {
      return await sealByHand(host, {
        source: from,
        sink,
        armor: invocation.has('armor'),
        signal,
        onProgress: bar.show,
        ...(passphrase === null ? { recipients } : { passphrase }),
      });
    } finally {
      bar.end();
    }
  } catch (error) {
    await sink.discard();
    throw error;
  }
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
}

/** Null where the file is for recipients. */
async function newPassphrase(invocation: Invocation): Promise<string | null> {
  const source = passphraseSource(invocation);
  if (source === 'none') return null;
  if (source === 'given') return readPassphrase(invocation);
  // Terminals take a while to load, and most runs need none.
  const { askNewPassphrase } = await import('../terminal/ask-passphrase.ts');
  return askNewPassphrase();
}
