/** What a server's refusal means for the person at the terminal, by its code on the wire. */
import type { WireErrorCode } from '@latchkey/sdk/client';
import type { ExitName } from './exit-codes.ts';

export type Explanation = readonly [exit: ExitName, message: string | null, advice: string];

const later = 'Try again in a while; nothing was lost';
const versions = 'Its version may not fit this one: compare latchkey doctor with what the operator runs';

export const refusals: Readonly<Record<WireErrorCode, Explanation>> = {
  request_malformed: ['server', 'The server did not understand the request', versions],
  session_invalid: ['account', 'The session has ended', 'Sign in again: latchkey unlock, or latchkey login'],
  pass_invalid: ['server', 'The server refused to take the delivery', later],
  login_refused: ['passphrase_wrong', 'The server refused the login', 'Check address, password and card'],
  act_refused: [
    'server',
    'The server refused the signature under this change',
    'Try again; check the clock of this machine',
  ],
  registration_closed: ['server', 'This server takes no new accounts', 'Ask its operator'],
  invitation_invalid: [
    'server',
    'The invitation is used up, out of date, or of another server',
    'Ask the operator for a new one, and give it with --invite',
  ],
  address_refused: ['server', 'This server does not give that address away', 'Choose another name at its own domain'],
  account_closing: ['server', 'The account is being closed', 'Stay with latchkey account keep'],
  account_suspended: ['server', 'The operator has suspended this account', 'Ask the operator; nothing was removed'],
  route_unknown: ['server', 'The server does not know this request', versions],
  not_found: ['server', 'The server has no such thing', 'Fetch what is new with latchkey inbox, and try again'],
  method_wrong: ['server', 'The server does not know this request', versions],
  address_taken: ['server', 'This address is taken', 'Choose another name'],
  exists_differently: ['server', 'The server has something else under this name', 'Try again'],
  statement_refused: [
    'server',
    'The server refused the identity statement',
    'Try again; check the clock of this machine',
  ],
  upload_incomplete: [
    'server',
    'A part of the upload is missing at the server',
    'Run the command again; it sends what is missing',
  ],
  part_damaged: ['server', 'A part was damaged on its way', 'Run the command again'],
  cursor_old: ['server', 'This machine was away for too long to go on where it was', 'Run latchkey inbox'],
  body_too_large: ['server', 'The server refuses something so large', 'Send less at once'],
  too_many: ['server', 'The server refuses so many', 'Send less at once, or remove what is no longer needed'],
  range_outside: [
    'distrust',
    'The server says that an item is shorter than it was',
    'Ask the operator; keep this message',
  ],
  rate_limited: ['server', 'The server asks for patience: too many requests', later],
  internal: ['server', 'The server has a fault', 'Tell its operator, and try again'],
  storage_failed: ['server', 'The server could not store it', later],
  head_missing: [
    'server',
    'The server’s key log has no head yet that its witnesses have signed',
    'Wait a minute and try again; if it stays so, tell the operator that the witnesses are away',
  ],
  key_log_closed: [
    'server',
    'The server’s key log is closed: its data is older than what its witnesses have seen',
    'Tell the operator; until it is open nobody registers or changes keys there',
  ],
  busy: ['server', 'The server is busy', later],
  account_new: [
    'server',
    'The account is new: it has used up what it may send in a day',
    'Wait some hours: what could not be delivered stays in latchkey outbox and goes with the next command',
  ],
  reports_closed: ['server', 'The server takes no reports', 'Write to its operator'],
  quota_full: [
    'server',
    'The account has no room left',
    'Remove what is no longer needed, or ask the operator for more',
  ],
};
