/** docs/spec/12-key-directory.md, "Limits". */

/** One byte counts the label in a commitment; an address has at most 254 octets. */
export const MAX_LABEL_BYTES: number = 255;
/** A statement of 1 MiB and its signatures, as in signed notes. */
export const MAX_VERSION_NOTE_BYTES: number = 2 * 1024 * 1024;
/** Positions of one label: more than a label that changes every hour for seven years. */
export const MAX_POSITIONS: number = 65_536;
/** 256 steps of at most 34 bytes, and a key and value of 32 bytes with their lengths. */
export const MAX_MAP_PROOF_BYTES: number = 256 * 34 + 66;
/** An embedded checkpoint with a hundred hybrid cosignatures. */
export const MAX_INDEX_LEAF_BYTES: number = 65_535;
/** Positions are kept as signed 32-bit numbers while a log is replayed. */
export const MAX_REPLAY_LEAVES: number = 0x7fff_ffff;
