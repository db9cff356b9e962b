import type { ActStatement } from './kind/act-statement.ts';
import type { FileStatement } from './kind/file-statement.ts';
import type { IdentityStatement } from './kind/identity-statement.ts';
import type { MembershipStatement } from './kind/membership-statement.ts';
import type { MessageStatement } from './kind/message-statement.ts';
import type { TombstoneStatement } from './kind/tombstone-statement.ts';
import type { VetoStatement } from './kind/veto-statement.ts';

/** Everything that a key of Latchkey signs; `kind` is the first line of the text. */
export type Statement =
  | IdentityStatement
  | VetoStatement
  | TombstoneStatement
  | MessageStatement
  | MembershipStatement
  | ActStatement
  | FileStatement;
