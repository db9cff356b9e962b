import { setImmediate } from 'node:timers/promises';
import { compareIndexLeaf, KeyDirectoryError, parseIndexLeaf, Replay, type IndexLeaf } from '@latchkey/key-directory';
import {
  leafHash,
  parseCheckpoint,
  parseNote,
  TlogError,
  verifyNote,
  type Checkpoint,
  type NoteVerifier,
} from '@latchkey/tlog';
import type { Evidence } from '../evidence/evidence-folder.ts';
import type { MirroredLog } from './mirrored-log.ts';
import { consistencyFromEntries, inclusionFromEntries } from './prove-from-entries.ts';

/** A head whose log's signature was verified. */
export interface SignedHead {
  readonly checkpoint: Checkpoint;
  readonly note: Uint8Array;
}

/**
 * `replayed`: every entry up to the head is here, and for the index every leaf is what a replay gives.
 * `served_wrong`: the log serves other entries than it signed for; perhaps the line is broken. `caught`: it signed what
 * is false, and the evidence is kept.
 */
export type AuditOutcome = 'replayed' | 'served_wrong' | 'caught';

export interface DirectoryAuditorOptions {
  readonly keys: MirroredLog;
  readonly index: MirroredLog;
  /** Of the key log, for the checkpoints within index leaves. */
  readonly keysVerifiers: readonly NoteVerifier[];
  /** Something was found against it before: nothing is signed any more. */
  readonly caught: boolean;
  readonly found: (evidence: Evidence) => Promise<void>;
}

const leavesAtOnce = 4_096;

/** One leaf of the index log as it is judged. */
interface Step {
  readonly position: number;
  readonly leaf: Uint8Array;
  readonly head: SignedHead;
}

/**
 * Replays a key directory (docs/spec/12-key-directory.md, "Replay"): the map root of *every* index leaf, also of those
 * that were the last one for a second only, has to be what the key log's leaves give.
 */
export class DirectoryAuditor {
  readonly #options: DirectoryAuditorOptions;
  readonly #replay = new Replay();
  #replayedLeaves = 0;
  #caught: boolean;
  /** Of the key log: the newest head that the entries here stand for. */
  #keysHead: SignedHead | null = null;
  /** What is read anew after a start was judged before: if it is wrong now, our disk is. */
  #isOwn = false;

  constructor(options: DirectoryAuditorOptions) {
    this.#options = options;
    this.#caught = options.caught;
  }

  get caught(): boolean {
    return this.#caught;
  }

  get replayedKeys(): number {
    return this.#replay.size;
  }

  /** Fetches and, where the head is the index log's, replays up to it. @throws WitnessError `log_unreachable`, `log_answer_malformed` */
  async upTo(head: SignedHead): Promise<AuditOutcome> {
    if (this.#caught) return 'caught';
    const { keys, index } = this.#options;
    if (head.checkpoint.origin === keys.origin) return (await this.#growKeys(head)) ? 'replayed' : 'served_wrong';
    return (await index.growTo(head.checkpoint)) ? this.#replayTo(head) : this.#servedWrong(head);
  }

  /** The same over what is on our own disk already; accuses nobody. */
  async upToOwn(head: SignedHead): Promise<AuditOutcome> {
    this.#isOwn = true;
    try {
      return await this.upTo(head);
    } finally {
      this.#isOwn = false;
    }
  }

  async #growKeys(head: SignedHead): Promise<boolean> {
    if (!(await this.#options.keys.growTo(head.checkpoint))) {
      await this.#servedWrong(head);
      return false;
    }
    if (head.checkpoint.size >= (this.#keysHead?.checkpoint.size ?? 0)) this.#keysHead = head;
    return true;
  }

  async #replayTo(head: SignedHead): Promise<AuditOutcome> {
    const { entries } = this.#options.index;
    while (this.#replayedLeaves < head.checkpoint.size) {
      const position = this.#replayedLeaves;
      const [leaf] = [...entries.read(position, position + 1)].map((entry) => entry.slice());
      if (leaf === undefined) return 'served_wrong';
      const outcome = await this.#step({ position, leaf, head });
      if (outcome !== 'replayed') return outcome;
      this.#replayedLeaves += 1;
    }
    return 'replayed';
  }

  async #step(step: Step): Promise<AuditOutcome> {
    const { keys } = this.#options;
    const leaf = await this.#read(step.leaf);
    if (leaf === null) {
      const what = 'is not a map root and a checkpoint that the key log has signed';
      return this.#catch(step, { kind: 'index_leaf_wrong', what, facts: {} });
    }
    const { checkpoint } = leaf.embedded;
    if (checkpoint.size > keys.size && !(await this.#growKeys(leaf.embedded))) return 'served_wrong';
    const wrongLeaf = await this.#addLeaves(checkpoint.size);
    if (wrongLeaf !== null) {
      const what = `stands for a key log with a leaf that cannot be (${wrongLeaf})`;
      return this.#catch(step, { kind: 'key_leaf_wrong', what, facts: { keysPosition: this.#replay.size } });
    }
    const refusal = compareIndexLeaf(this.#replay, { mapRoot: leaf.mapRoot, keys: checkpoint });
    if (refusal === null) return 'replayed';
    const { reason } = refusal;
    const facts = {
      keysSize: checkpoint.size,
      keysSizeReplayed: this.#replay.size,
      keysRootReplayed: hex(this.#replay.logRoot()),
      mapRootReplayed: hex(this.#replay.mapRoot()),
      ...(reason === 'keys_root_not_from_replay' ? await this.#keysHeadFacts(checkpoint.size) : {}),
    };
    return this.#catch(step, { kind: reason, what: `does not say what a replay gives (${reason})`, facts });
  }

  /** @returns the code of what is wrong with a leaf, or null */
  async #addLeaves(size: number): Promise<string | null> {
    try {
      for (const leaf of this.#options.keys.entries.read(this.#replay.size, size)) {
        this.#replay.add(leaf);
        // A first replay takes seconds; whoever asks meanwhile is told so.
        if (this.#replay.size % leavesAtOnce === 0) await setImmediate();
      }
      return null;
    } catch (error) {
      if (error instanceof KeyDirectoryError) return error.code;
      throw error;
    }
  }

  /** @returns null for a leaf that is not one, or whose checkpoint the key log did not sign */
  async #read(leaf: Uint8Array): Promise<(IndexLeaf & { readonly embedded: SignedHead }) | null> {
    try {
      const parsed = parseIndexLeaf(leaf);
      const note = parseNote(parsed.checkpoint);
      const checkpoint = parseCheckpoint(note.text);
      if (checkpoint.origin !== this.#options.keys.origin) return null;
      const { verified } = await verifyNote(note, this.#options.keysVerifiers, 'any');
      return verified ? { ...parsed, embedded: { checkpoint, note: parsed.checkpoint } } : null;
    } catch (error) {
      if (error instanceof KeyDirectoryError || error instanceof TlogError) return null;
      throw error;
    }
  }

  /** The head that the entries here stand for, and the proof that it begins with the root that they give. */
  async #keysHeadFacts(size: number): Promise<Evidence['facts']> {
    const { entries } = this.#options.keys;
    if (this.#keysHead === null) return {};
    const { checkpoint, note } = this.#keysHead;
    const proof = await consistencyFromEntries(entries, { oldSize: size, newSize: checkpoint.size });
    return { keysHead: text(note), consistencyProof: proof.map(hex).join(' ') };
  }

  async #servedWrong({ checkpoint, note }: SignedHead): Promise<AuditOutcome> {
    if (this.#isOwn) return 'served_wrong';
    await this.#options.found({
      kind: 'entries_not_of_head',
      origin: checkpoint.origin,
      what: `The log serves entries that do not hash to its head of size ${checkpoint.size}. By itself this proves nothing: a broken line does the same.`,
      facts: { head: text(note) },
    });
    return 'served_wrong';
  }

  async #catch(step: Step, { kind, what, facts }: Omit<Evidence, 'origin'>): Promise<AuditOutcome> {
    if (this.#isOwn) return 'caught';
    this.#caught = true;
    const { position, leaf, head } = step;
    const { index } = this.#options;
    const proof = await inclusionFromEntries(index.entries, { index: position, size: head.checkpoint.size });
    await this.#options.found({
      kind,
      origin: index.origin,
      what: `The index log's leaf ${position} ${what}.`,
      facts: {
        ...facts,
        indexHead: text(head.note),
        indexPosition: position,
        indexLeaf: text(leaf),
        indexLeafBase64: Buffer.from(leaf).toString('base64'),
        indexLeafHash: hex(leafHash(leaf)),
        inclusionProof: proof.map(hex).join(' '),
      },
    });
    return 'caught';
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
