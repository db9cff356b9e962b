/** From any error to what a person reads and a script tests: sentence, advice, code, exit code. */
import { CliError } from './errors.ts';
import { exitCode, type ExitName } from './exit-codes.ts';

export interface Explained {
  readonly code: string;
  readonly exit: ExitName;
  readonly exitCode: number;
  readonly message: string;
  readonly advice: string;
}

type Explanation = readonly [exit: ExitName, message: string | null, advice: string];

const another = 'Ask the sender for another copy, and check how it was carried';
const bug = 'This is a fault in latchkey: please report it with the output of latchkey doctor';

/**
 * Codes of crypto, sdk and host-node. A null message keeps the error's own, which names the file.
 * explain-error.test.ts compares this table with the `errors.ts` of those rooms.
 */
export const explanations: Readonly<Record<string, Explanation>> = {
  header_malformed: ['damaged', 'This is no age file, or its header is damaged', another],
  header_too_large: ['damaged', 'The header is larger than any real one', another],
  header_mac_wrong: ['damaged', 'The header was changed after it was sealed', another],
  payload_damaged: ['damaged', 'The file is damaged: a part of it does not open', another],
  payload_truncated: ['damaged', 'The file is cut short', another],
  armor_malformed: ['damaged', 'The text armor is damaged', 'Copy it again, from its BEGIN line to its END line'],
  recipient_malformed: [
    'usage',
    'A recipient is malformed',
    'A recipient begins with age1pq1 or age1 and is one word; copy it again, whole',
  ],
  identity_malformed: ['damaged', 'An identity is malformed', 'Take the identity file from your copy of it'],
  passphrase_wrong: ['passphrase_wrong', 'The passphrase is wrong', 'Type it again; capital letters and spaces count'],
  passphrase_work_too_high: [
    'damaged',
    'The file asks for so much work to try a passphrase that it may be meant to stop this machine',
    another,
  ],
  recipients_mixed: [
    'floor',
    'A passphrase and recipients cannot stand in one file: it would be as weak as the passphrase',
    'Seal it twice, once each way',
  ],
  recipients_below_floor: [
    'floor',
    'An age1… recipient beside an age1pq1… one would leave the file open to quantum computers for all of them',
    'Ask the reader for an age1pq1… recipient, or seal it twice',
  ],
  recipients_missing: [
    'usage',
    'Nobody could open the result: there is no recipient',
    'Give one with -r, or a file of them with -R, or seal with a passphrase: -p',
  ],
  range_outside_payload: ['internal', 'A range outside the file was asked for', bug],
  argument_invalid: ['internal', 'A function was called with a wrong argument', bug],
  record_malformed: ['damaged', 'A record is malformed', another],
  record_damaged: ['damaged', 'A record is damaged', another],
  latch_malformed: ['damaged', 'A latch is malformed', another],
  delivery_damaged: ['damaged', 'A delivery is damaged', another],
  login_message_malformed: ['damaged', 'A message of a login is malformed', 'Try to log in again'],
  engine_thread_failed: ['internal', 'A cipher thread failed', bug],
  engine_operation_missing: [
    'unfit',
    'This Node lacks a cipher that is needed',
    "See 'latchkey doctor'; install Node 24 or newer",
  ],
  engine_self_test_failed: [
    'unfit',
    'A cipher of this machine gave a wrong answer, so nothing was done',
    "See 'latchkey doctor'; do not trust this machine until you know why",
  ],
  file_not_found: ['input_output', null, 'Check the name'],
  file_not_readable: ['input_output', null, 'Check the permissions'],
  file_not_writable: ['input_output', null, 'Check the permissions of the folder'],
  file_is_directory: ['input_output', null, 'Pack the folder first: tar c FOLDER | latchkey seal …'],
  output_exists: ['input_output', null, 'Choose another name, or replace it with --force'],
  output_is_input: ['input_output', null, 'Choose another name for the output'],
  disk_full: ['input_output', null, 'Make room and try again; nothing was left behind'],
  pipe_closed: ['input_output', 'The program that read the output has gone away', 'Start both again'],
  source_changed: ['input_output', null, 'Wait until nobody writes to it, then try again'],
  io_failed: ['input_output', null, 'The system refused it; see whether the disk or the connection is well'],
  stopped: ['interrupted', 'Stopped', 'Nothing was left behind'],
};

export function explainError(error: unknown): Explained {
  if (error instanceof CliError) {
    return {
      code: error.code,
      exit: error.exit,
      exitCode: exitCode(error.exit),
      message: error.message,
      advice: error.advice,
    };
  }
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = Object.hasOwn(explanations, code) ? explanations[code] : undefined;
  if (error instanceof Error && known !== undefined) {
    const [exit, message, advice] = known;
    return { code, exit, exitCode: exitCode(exit), message: message ?? withoutFullStop(error.message), advice };
  }
  if (/^E[A-Z]+$/.test(code)) {
    return {
      code: 'io_failed',
      exit: 'input_output',
      exitCode: 6,
      message: `The system answered ${code}`,
      advice: 'See whether the disk is full or a file is missing',
    };
  }
  return {
    code: 'internal',
    exit: 'internal',
    exitCode: 1,
    message: `Something went wrong that nobody foresaw (${nameOf(error, code)})`,
    advice: bug,
  };
}

/** Never the message: it may hold anything. LATCHKEY_DEBUG shows the rest. */
function nameOf(error: unknown, code: string): string {
  if (code !== '') return withoutControls(code);
  return error instanceof Error ? withoutControls(error.name) : typeof error;
}

function withoutFullStop(message: string): string {
  return withoutControls(message.endsWith('.') ? message.slice(0, -1) : message);
}

/** A file name may hold anything; what reaches the terminal may not. */
function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}
