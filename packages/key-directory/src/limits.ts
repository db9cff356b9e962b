/** docs/spec/12-key-directory.md, "Limits". */

/** One byte counts the label in a commitment; an address has at most 254 octets. */
export const MAX_LABEL_BYTES: number = 255;
/** A statement of 1 MiB and its signatures, as in signed notes. */
export const MAX_VERSION_NOTE_BYTES: number = 2 * 1024 * 1024;
/** Positions of one label: more than a label that changes every hour for seven years. */
export const MAX_POSITIONS: number = 65_536;
/** The longest proof in a map of keys of 32 bytes: of absence, with a path that parts at every bit but the first. */
export const MAX_MAP_PROOF_BYTES: number = 66 + 127 * 33 + 128 * 34;
/** An embedded checkpoint with a hundred hybrid cosignatures. */
export const MAX_INDEX_LEAF_BYTES: number = 65_535;
/** Positions are kept as signed 32-bit numbers while a log is replayed. */
export const MAX_REPLAY_LEAVES: number = 0x7fff_ffff;
