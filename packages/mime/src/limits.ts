/** Every maximum of this room (README, "What it never does"). */

/** A whole message that is parsed. Attachments are items of their own, so that this is text and inline images. */
export const MAX_MESSAGE_BYTES: number = 32 * 1024 * 1024;
/** Of all parts together. A thousand recipients take 300 kB at most. */
export const MAX_HEADER_BYTES: number = 512 * 1024;
export const MAX_PART_DEPTH = 32;
export const MAX_PARTS = 1000;
/** Lines that could part a multipart: what the parser has to look at before parts are counted. */
export const MAX_DELIMITER_LINES = 20_000;

/** As UTF-8, of a subject or a display name. */
export const MAX_TEXT_FIELD_BYTES = 2048;
export const MAX_FILE_NAME_BYTES = 1024;
/** RFC 5322 2.1.1 allows 998 characters in a line. */
export const MAX_MESSAGE_ID_CHARS = 250;
export const MAX_REFERENCES = 64;
