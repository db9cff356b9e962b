import { usageError } from './errors.ts';
import type { Invocation } from './invocation.ts';

/**
 * Standard input can be read once: by the file itself, or by one of what goes with it.
 * @throws CliError arguments_wrong
 */
export function refuseSharedStandardInput(invocation: Invocation): void {
  const names = [
    invocation.operand ?? '-',
    ...invocation.values('identity'),
    ...invocation.values('recipients-file'),
    ...invocation.values('passphrase-file'),
    ...invocation.values('passphrase-fd').map((descriptor) => (descriptor === '0' ? '-' : descriptor)),
  ];
  if (names.filter((name) => name === '-').length > 1) {
    throw usageError('Two things cannot both come from standard input', 'Put one of them into a file');
  }
}
