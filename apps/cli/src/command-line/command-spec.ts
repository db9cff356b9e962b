/** The shape of the command table (`commands.ts`), from which parsing, help, completion and the man page come. */
import type { Invocation } from '../invocation.ts';
import type { ExitName } from '../exit-codes.ts';

export type OptionName =
  | 'age'
  | 'all'
  | 'archive'
  | 'armor'
  | 'attach'
  | 'bcc'
  | 'card'
  | 'card-out'
  | 'cc'
  | 'device'
  | 'dir'
  | 'eml'
  | 'exec'
  | 'folder'
  | 'forward'
  | 'inbox'
  | 'invite'
  | 'kit'
  | 'kit-out'
  | 'lost'
  | 'once'
  | 'qr'
  | 'reason'
  | 'reissued'
  | 'file'
  | 'without-vault'
  | 'words'
  | 'yes'
  | 'password-fd'
  | 'password-file'
  | 'read'
  | 'reply-to'
  | 'server'
  | 'skip-refused'
  | 'star'
  | 'subject'
  | 'timeout'
  | 'to'
  | 'trash'
  | 'unread'
  | 'unstar'
  | 'age-identity'
  | 'force'
  | 'help'
  | 'identity'
  | 'json'
  | 'output'
  | 'passphrase'
  | 'passphrase-fd'
  | 'passphrase-file'
  | 'quiet'
  | 'recipient'
  | 'recipient-of'
  | 'recipients-file'
  | 'requests'
  | 'version';

export interface OptionSpec {
  readonly name: OptionName;
  readonly short?: string;
  /** What stands for the value in help, such as `FILE`; absent for a switch. `FILE` also completes file names. */
  readonly value?: string;
  readonly many?: boolean;
  readonly says: string;
}

export interface OperandSpec {
  /** As help writes it: `FILE`, `SHELL`. */
  readonly name: string;
  readonly required: boolean;
  /** The only words that are taken; absent where any file name is. */
  readonly words?: readonly string[];
}

export interface FurtherOperandSpec {
  readonly name: string;
  /** As many as one likes; else at most one. */
  readonly many: boolean;
}

export interface ExampleSpec {
  /** A line for `sh`; each one is run by test/examples.test.ts. */
  readonly line: string;
  readonly says: string;
}

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  readonly synopsis: string;
  /** Paragraphs. */
  readonly description: readonly string[];
  readonly options: readonly OptionSpec[];
  readonly operand?: OperandSpec;
  /** What follows the first operand. */
  readonly furtherOperand?: FurtherOperandSpec;
  readonly examples: readonly ExampleSpec[];
  /** What it can end with besides ok, internal and usage. */
  readonly exits: readonly ExitName[];
  readonly load: () => Promise<(invocation: Invocation) => Promise<void>>;
}
