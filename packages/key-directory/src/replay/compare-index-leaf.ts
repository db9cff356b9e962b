import { parseCheckpoint, parseNote, TlogError, type Checkpoint } from '@latchkey/tlog';
import { sameBytes } from '../byte-fields.ts';
import { KeyDirectoryError } from '../errors.ts';
import { parseIndexLeaf } from '../index-leaf.ts';
import { refuse, type Refusal } from '../verify/refusal.ts';
import type { Replay } from './replay.ts';

/** An index leaf with its checkpoint read; whether anybody signed it is not looked at. */
export interface ReadIndexLeaf {
  readonly mapRoot: Uint8Array;
  /** How far to replay the key log, and what its root must be then. */
  readonly keys: Checkpoint;
}

/** @throws KeyDirectoryError `index_leaf_malformed` */
export function readIndexLeaf(entry: Uint8Array): ReadIndexLeaf {
  const { mapRoot, checkpoint } = parseIndexLeaf(entry);
  try {
    return { mapRoot, keys: parseCheckpoint(parseNote(checkpoint).text) };
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause;
    throw new KeyDirectoryError('index_leaf_malformed', 'an index leaf carries no checkpoint', { cause });
  }
}

/**
 * Rule 7: whether an index leaf says what the replay gives. Called for *every* leaf of the index log in order, after
 * the replay has read the key log up to `keys.size`; null where it does.
 * @throws KeyDirectoryError `argument_invalid` where the replay has not read so far
 */
export function compareIndexLeaf(replay: Replay, { mapRoot, keys }: ReadIndexLeaf): Refusal | null {
  if (replay.size < keys.size)
    throw new KeyDirectoryError('argument_invalid', 'read the key log up to this leaf first');
  if (replay.size > keys.size) return refuse(7, 'keys_rolled_back');
  if (!sameBytes(replay.logRoot(), keys.rootHash)) return refuse(7, 'keys_root_not_from_replay');
  return sameBytes(replay.mapRoot(), mapRoot) ? null : refuse(7, 'map_root_not_from_replay');
}
