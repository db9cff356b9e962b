export { canonicalAddress, parseAddress, type CanonicalAddress } from './address/canonical-address.ts';
export { canonicalDomain } from './address/canonical-domain.ts';
export { displayAddress } from './address/display-address.ts';
export { ProtocolError, type ProtocolErrorCode } from './errors.ts';
export { KEY_NAME_PREFIX, STATEMENT_LABEL } from './labels.ts';
export {
  MAX_ADDRESS_CHARS,
  MAX_ADDRESS_INPUT_CHARS,
  MAX_ATTACHMENTS,
  MAX_FILE_NAME_BYTES,
  MAX_FILE_PARTS,
  MAX_HOLD_HOURS,
  MAX_MEMBERS,
  MAX_RECIPIENTS,
  MAX_STATEMENT_CHARS,
  MIN_HOLD_HOURS,
} from './limits.ts';
export type { Quorum } from './statement/field/integer-field.ts';
export { formatForReaders, formatStatement, type FormattedStatement } from './statement/format-statement.ts';
export type { ActStatement, Action } from './statement/kind/act-statement.ts';
export type { FileStatement } from './statement/kind/file-statement.ts';
export type { IdentityStatement } from './statement/kind/identity-statement.ts';
export type { Epoch, Member, MembershipStatement, Role } from './statement/kind/membership-statement.ts';
export type { MessageStatement } from './statement/kind/message-statement.ts';
export type { Recovery } from './statement/kind/recovery.ts';
export type { TombstoneStatement } from './statement/kind/tombstone-statement.ts';
export type { KilledStatement, VetoStatement } from './statement/kind/veto-statement.ts';
export { parseStatement } from './statement/parse-statement.ts';
export type { Party } from './statement/party.ts';
export { identityKeyName, statementHash, statementTextHash } from './statement/statement-hash.ts';
export type { Statement } from './statement/statement.ts';
