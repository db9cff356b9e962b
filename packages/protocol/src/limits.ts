// Every maximum of this room (docs/spec/02-statements.md, "Limits").

/** RFC 5321 4.5.3.1.3: a path has 256 octets, two of them the angle brackets. A length byte holds it too. */
export const MAX_ADDRESS_CHARS: number = 254;

/** What a person may type as an address before it is made canonical: tag and non-ASCII domain included. */
export const MAX_ADDRESS_INPUT_CHARS: number = 1024;

/** A statement is ASCII: characters and octets are one. */
export const MAX_STATEMENT_CHARS: number = 1_048_576;

/** `to` and `cc` together. */
export const MAX_RECIPIENTS: number = 1000;
export const MAX_ATTACHMENTS: number = 1000;
export const MAX_MEMBERS: number = 1000;

/** Parts of 128 chunks (8 MiB of plaintext): 128 GiB. */
export const MAX_FILE_PARTS: number = 16_384;
export const MAX_FILE_NAME_BYTES: number = 1024;

export const MIN_HOLD_HOURS: number = 72;
export const MAX_HOLD_HOURS: number = 720;
