/** Sizes and counts that both ends know. docs/spec/06-wire.md, "Limits". */
export const ID_BYTES = 16;
export const KEY_BYTES = 32;
export const MAX_ADDRESS_CHARS = 254;

/** A part of an upload; every part but the last has exactly this size. */
export const PART_BYTES = 8_388_608;
/** Blobs up to this size lie in the database, larger ones in files. */
export const INLINE_BLOB_BYTES = 65_536;
export const MAX_BLOB_BYTES = 1_099_511_627_776;

export const MAX_RECIPIENTS = 256;
/** A message, its key list and its attachments. */
export const MAX_ARRIVAL_ITEMS = 258;
/** A short header (short-header.ts); its text has 1,627 bytes. */
export const HEADER_BYTES = 1_185;
/** What a list of items may carry in its place. */
export const MAX_HEADER_BYTES = 4_096;
export const MAX_DELIVERY_PART_BYTES = 4_096;

export const MAX_RECORD_BYTES = 1_048_576;
export const MAX_WRITES = 256;
export const MAX_HEAD_BYTES = 4_096;
export const MAX_SPACES = 256;
export const MAX_DEVICES = 256;
export const MAX_LISTED = 256;

/** A statement with four signature lines is about 10.7 kB. */
export const MAX_NOTE_CHARS = 65_536;
export const MAX_RESOLVED = 256;
export const MAX_NOTES_PER_ANSWER = 64;
/** Identity statements of one address: all of them must fit into one answer of the key log. */
export const MAX_VERSIONS = 256;
/** A proof in a tree of less than 2^53 leaves. */
export const MAX_PROOF_HASHES = 63;
/** An entry of a tiled log: its length is a u16. */
export const MAX_LOG_ENTRY_CHARS = 65_535;
export const MAX_TILE_PATH_CHARS = 64;
/** 256 steps with a hash each, and one key and value. */
export const MAX_MAP_PROOF_BYTES = 8_770;
export const MAX_POLICY_CHARS = 65_536;

/** One reported message, sealed to the operator. */
export const MAX_REPORT_BYTES = 8_388_608;
/** All that wait for the operator together. */
export const MAX_REPORTS = 1_000;
export const REPORTS_KEPT_DAYS = 90;

export const MAX_LATCHES = 32;
export const MAX_WRAPPED_BYTES = 1_024;
export const MAX_RESCUE_BYTES = 262_144;
export const MAX_NAME_BYTES = 1_024;
export const MAX_OPAQUE_CHARS = 1_024;
export const MAX_STATE_CHARS = 4_096;
export const MAX_TOKEN_CHARS = 256;

/** JSON bodies; a route may have a larger limit of its own. */
export const MAX_BODY_BYTES = 65_536;
/** Base64 of a batch of records, or of 256 headers and delivery parts. */
export const MAX_LARGE_BODY_BYTES = 12_582_912;
/** What one answer that lists records or arrivals carries before it stops and says `more`. */
export const MAX_ANSWER_BYTES = 4_194_304;

export const EVENTS_KEPT_DAYS = 90;
export const GRACE_DAYS = 7;
export const UPLOAD_KEPT_DAYS = 7;
