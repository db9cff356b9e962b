/** The one table of exit codes: `--help`, the man page and every command take them from here. */
export const exitCodes = [
  { name: 'ok', code: 0, means: 'done' },
  { name: 'internal', code: 1, means: 'a fault in latchkey itself; please report it' },
  { name: 'usage', code: 2, means: 'the command line is wrong' },
  { name: 'not_for_me', code: 3, means: 'sealed, but not for any of these identities' },
  { name: 'passphrase_wrong', code: 4, means: 'the passphrase, password, card or kit is wrong' },
  { name: 'damaged', code: 5, means: 'the input is damaged, cut short or malformed' },
  { name: 'input_output', code: 6, means: 'a file or pipe could not be read or written' },
  { name: 'floor', code: 7, means: 'refused: it would seal more weakly than asked' },
  { name: 'unfit', code: 8, means: 'this machine cannot do it: Node is too old, or a cipher failed its self-test' },
  { name: 'server', code: 9, means: 'the server could not be reached, or refused' },
  { name: 'account', code: 10, means: 'there is no account here, it is locked, or there is one already' },
  { name: 'recipients', code: 11, means: 'nothing was sent: a reader is unknown, full, gone or has other keys' },
  { name: 'not_found', code: 12, means: 'there is no such message or session' },
  { name: 'distrust', code: 13, means: 'what the server shows does not fit what this machine knows' },
  { name: 'timeout', code: 14, means: 'nothing came in time' },
  { name: 'interrupted', code: 130, means: 'stopped with Ctrl-C; nothing was left behind' },
  { name: 'terminated', code: 143, means: 'stopped by a signal; nothing was left behind' },
] as const;

export type ExitName = (typeof exitCodes)[number]['name'];

export function exitCode(name: ExitName): number {
  for (const entry of exitCodes) if (entry.name === name) return entry.code;
  return 1;
}
