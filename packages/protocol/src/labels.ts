/** What stands before the text of a statement in its hash (docs/spec/02-statements.md, "Hashes"). */
export const STATEMENT_LABEL: string = 'latchkey/v1/statement\0';

/** The first part of a key name in signature lines (docs/spec/02-statements.md, "Key names"). */
export const KEY_NAME_PREFIX: string = 'latchkey/';
