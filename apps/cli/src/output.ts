import { fileSink } from '@latchkey/host-node';
import type { ByteSink } from '@latchkey/sdk/by-hand';
import { CliError, usageError } from './errors.ts';
import type { Invocation } from './invocation.ts';
import { textSink } from './terminal/text-sink.ts';

export interface Output {
  readonly sink: ByteSink;
  /** The name for people and for `--json`; null for standard output. */
  readonly name: string | null;
  /** Standard output carries the file. */
  readonly carriesData: boolean;
  readonly onTerminal: boolean;
}

/**
 * Where the file goes; call it when the input is open, so that it is not replaced. Without -o it is standard output; what lands on a terminal uninvited is text only.
 * @throws CliError arguments_wrong, binary_to_terminal; HostError output_exists, file_not_writable, …
 */
export async function openOutput(invocation: Invocation, content: 'text' | 'binary' | 'unknown'): Promise<Output> {
  const name = invocation.value('output') ?? '-';
  if (name === '') throw usageError('-o was given an empty name', "Give a file name, or '-' for standard output");
  if (name !== '-') {
    const sink = await fileSink(name, { replace: invocation.has('force') });
    return { sink, name, carriesData: false, onTerminal: false };
  }
  const onTerminal = process.stdout.isTTY;
  const asked = invocation.has('output');
  if (onTerminal && !asked && content === 'binary') {
    throw new CliError('binary_to_terminal', 'usage', {
      message: 'Standard output is a terminal, and the sealed file is not text',
      advice: "Name a file with -o, take text with -a, or force it with '-o -'",
    });
  }
  const standard = await fileSink('-', { replace: false });
  const sink = onTerminal && !asked && content === 'unknown' ? textSink(standard) : standard;
  return { sink, name: null, carriesData: true, onTerminal };
}
