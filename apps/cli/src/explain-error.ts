/** From any error to what a person reads and a script tests: sentence, advice, code, exit code. */
import { CliError } from './errors.ts';
import { exitCode, type ExitName } from './exit-codes.ts';
import { mailExplanations } from './explain-mail.ts';
import { explainOwnHistory, keyLogExplanations } from './explain-own-history.ts';
import { explainRefusedRecipients } from './explain-refused-recipients.ts';
import { refusals, type Explanation } from './explain-refusal.ts';

export interface Explained {
  readonly code: string;
  readonly exit: ExitName;
  readonly exitCode: number;
  readonly message: string;
  readonly advice: string;
}

const another = 'Ask the sender for another copy, and check how it was carried';
const bug = 'This is a fault in latchkey: please report it with the output of latchkey doctor';

/**
 * Codes of protocol, crypto, mime, sdk and host-node. A null message keeps the error's own, which names the file.
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
  file_too_large: ['input_output', null, 'Seal the parts of it that hold something'],
  output_exists: ['input_output', null, 'Choose another name, or replace it with --force'],
  output_is_input: ['input_output', null, 'Choose another name for the output'],
  disk_full: ['input_output', null, 'Make room and try again; nothing was left behind'],
  pipe_closed: ['input_output', 'The program that read the output has gone away', 'Start both again'],
  source_changed: ['input_output', null, 'Wait until nobody writes to it, then try again'],
  io_failed: ['input_output', null, 'The system refused it; see whether the disk or the connection is well'],
  stopped: ['interrupted', 'Stopped', 'Nothing was left behind'],
  password_unfit: [
    'usage',
    'This password cannot be used: it has signs that cannot be typed again',
    'Choose letters, digits, signs and spaces',
  ],
  card_malformed: ['damaged', 'This is no sign-in card, or it was copied wrongly', 'Copy its line again, whole'],
  kit_malformed: [
    'damaged',
    'This is no recovery kit, or a word was copied wrongly',
    'Compare the 24 words with the sheet',
  ],
  address_malformed: ['usage', 'This is no address', 'An address looks like alice@example.org'],
  address_not_canonical: ['damaged', 'An address is not in its one form', another],
  statement_too_large: ['damaged', 'A statement is too large', another],
  statement_kind_unknown: ['damaged', 'A statement is of an unknown kind', 'A newer version of latchkey may know it'],
  statement_malformed: ['damaged', 'A statement is malformed', another],
  statement_inconsistent: ['damaged', 'A statement contradicts itself', another],
  statement_not_canonical: ['damaged', 'A statement is not in its one form', another],
  server_unreachable: [
    'server',
    'The server cannot be reached',
    'Check the connection and its address, then run the command again',
  ],
  answer_malformed: [
    'server',
    'The answer is not that of a Latchkey server',
    'Check the address; a proxy or a broken server may stand between',
  ],
  server_refused: ['server', 'The server refused', 'Try again'],
  server_insecure: [
    'usage',
    'Without TLS, only a server on this machine is spoken to',
    'Give an address that begins with https://',
  ],
  origin_malformed: [
    'usage',
    "This is no server's address",
    'It looks like https://mail.example.org, with nothing behind it',
  ],
  profile_missing: [
    'account',
    'There is no account on this machine',
    'Make one with latchkey register, or sign in with latchkey login',
  ],
  profile_exists: [
    'account',
    'There is an account on this machine already',
    'Sign out first with latchkey logout, or set LATCHKEY_HOME to another folder',
  ],
  profile_locked: ['account', 'The account is locked', 'Open it with latchkey unlock'],
  profile_damaged: [
    'account',
    'The files of the account on this machine are damaged',
    'Sign out with latchkey logout and in again; nothing is lost at the server',
  ],
  profile_unsafe: ['account', null, 'Make it yours alone: chmod -R go-rwx, or set LATCHKEY_HOME to another folder'],
  thread_failed: ['internal', 'A thread of the program failed', bug],
  profile_busy: [
    'account',
    'Another latchkey command has been at work on this account for long',
    'Wait for it, or end it',
  ],
  login_wrong: [
    'passphrase_wrong',
    'The password or the card is wrong',
    'Capital letters and spaces count; nobody can tell which of the two it is',
  ],
  login_server_changed: [
    'distrust',
    "The server's login key is not the one it had: this may be another server in its place",
    'Do not go on; ask the operator by another way',
  ],
  server_differs: ['distrust', 'The server says that it is another one than it was asked for', 'Check the address'],
  kit_wrong: [
    'passphrase_wrong',
    'This recovery kit does not belong to the account, or was replaced by a newer one',
    'Look for the newest sheet',
  ],
  invitation_malformed: ['usage', 'This is no invitation', 'Copy its line again, whole'],
  statement_unverified: [
    'distrust',
    'The server showed keys whose signatures do not hold',
    'Do not go on; keep this message and ask the operator by another way',
  ],
  vault_incomplete: [
    'distrust',
    'The vault opens, but something that must be in it is missing',
    'Use another device, or the kit; keep this message',
  ],
  space_rolled_back: [
    'distrust',
    'The server shows an older state than this machine has seen: a backup was restored, or it hides something',
    'Ask the operator; nothing was sent. latchkey heal says how far it went back',
  ],
  space_forked: [
    'distrust',
    'The server shows your devices different histories',
    'Do not go on; ask the operator by another way',
  ],
  space_altered: [
    'distrust',
    'Something at the server was changed or is withheld',
    'Do not go on; ask the operator by another way',
  ],
  vault_shut: [
    'distrust',
    'The login is right, but what the server gives does not open the vault',
    'Ask the operator; the recovery kit may still open it',
  ],
  registration_unfinished: [
    'account',
    'Another registration was begun here and not finished',
    'Run it again with its own address, or drop it with latchkey logout',
  ],
  address_differs: ['usage', 'The card or the kit is for another address', 'Give the address that is printed on it'],
  lock_out_unfinished: [
    'account',
    'A lock-out was begun on this machine and is not finished',
    "Give the same command again: 'latchkey sessions remove --lost'",
  ],
  account_rekeyed: [
    'account',
    'The session of this machine has ended, and the password does not open it: the account may have been locked out of its old machines',
    "Check the password; if it is right, sign in again with the new card: 'latchkey logout', then 'latchkey login'",
  ],
  session_current: ['usage', 'This is the session of this machine', 'Sign out with latchkey logout'],
  outbox_taken: ['server', 'Another process is sending this message', 'Wait until it is done'],
  item_withheld: [
    'distrust',
    'The server says that it does not have an item that it took',
    'Try again; if it stays, ask the operator',
  ],
  record_newer: ['unfit', 'This was written by a newer version of latchkey', 'Install the newest one'],
  epoch_unknown: [
    'distrust',
    'Something is sealed under a key that this machine was never given',
    'Sign in again; if it stays, use the kit',
  ],
  space_busy: ['server', 'Other devices write all the time', 'Try again'],
  record_too_large: ['usage', 'This is larger than one entry may be', 'Attach it as a file'],
  ...mailExplanations,
  ...keyLogExplanations,
  attachment_not_found: ['not_found', 'There is no such attachment', "See them with 'latchkey read'"],
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
  const known =
    refusalOf(error) ??
    explainRefusedRecipients(error) ??
    explainOwnHistory(error) ??
    (Object.hasOwn(explanations, code) ? explanations[code] : undefined);
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

/** The wire's own code says more than that the server refused. */
function refusalOf(error: unknown): Explanation | undefined {
  if (!(error instanceof Error) || !('wire' in error) || typeof error.wire !== 'string') return undefined;
  const { wire } = error;
  return Object.hasOwn(refusals, wire) ? refusals[wire as keyof typeof refusals] : undefined;
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
