import { asciiBytes } from './bytes.ts';

/** The first and the last line of armor (C2SP age, "ASCII armor"; RFC 7468, section 3). */
export const ARMOR_BEGIN: Uint8Array = asciiBytes('-----BEGIN AGE ENCRYPTED FILE-----');
export const ARMOR_END: Uint8Array = asciiBytes('-----END AGE ENCRYPTED FILE-----');
/** Columns of every line between them but the last. */
export const ARMOR_COLUMNS = 64;
/** Bytes in a full line. */
export const ARMOR_LINE_BYTES = 48;
