/** Bounds on what this room takes from outside (docs/spec/01-item.md, "Limits"). */

export const FILE_KEY_BYTES = 16;

/** A header for the greatest number of hybrid recipients takes 1.6 MB. */
export const MAX_HEADER_BYTES: number = 2 * 1024 * 1024;
export const MAX_STANZAS: number = 1024;

/** log2 of the scrypt work factor: 18 takes 256 MiB, 20 takes 1 GiB. */
export const SCRYPT_LOG_N: number = 18;
export const MAX_SCRYPT_LOG_N: number = 20;

/** Whitespace before and after armor, each. */
export const MAX_ARMOR_WHITESPACE_BYTES: number = 1024;

export const MAX_IDENTITY_FILE_BYTES: number = 1024 * 1024;
export const MAX_IDENTITY_LINE_BYTES: number = 4096;
export const MAX_IDENTITIES: number = 1024;
