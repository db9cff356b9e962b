import {
  cosign,
  decideAddCheckpoint,
  ed25519CosignatureType,
  formatCosignatures,
  formatNote,
  parseAddCheckpoint,
  parseCheckpoint,
  parseNote,
  TlogError,
  verifyNote,
  witnessCheckpointPath,
  type Checkpoint,
  type Note,
  type NoteSigner,
  type NoteVerifier,
  type ParsedAddCheckpoint,
} from '@latchkey/tlog';
import type { ClockGuard } from './clock-guard.ts';
import type { Evidence } from './evidence/evidence-folder.ts';
import { answerConflict, answerLater, answerText, type Answer } from './http/answer.ts';
import type { Head } from './state/head.ts';
import type { HeadStore } from './state/head-store.ts';

export interface KnownLog {
  readonly origin: string;
  readonly verifiers: readonly NoteVerifier[];
}

/** What an auditor asks before it lets a head be cosigned. @returns null for yes */
export type Admit = (head: { readonly checkpoint: Checkpoint; readonly note: Uint8Array }) => Promise<Answer | null>;

export interface CosignerOptions {
  readonly logs: readonly KnownLog[];
  readonly signers: readonly NoteSigner[];
  readonly store: HeadStore;
  readonly clock: ClockGuard;
  readonly admit?: Admit;
  /** Keeps evidence. */
  readonly found: (evidence: Evidence) => Promise<void>;
  /** One line for the operator. */
  readonly tell: (line: string) => void;
}

interface LogState extends KnownLog {
  /** undefined: it has to be read from the disk first, where a write may or may not have come through. */
  head: Head | null | undefined;
  /** What was signed last: our lines, and the note with them. Null after a start. */
  signed: { readonly timeSeconds: number; readonly lines: Uint8Array; readonly note: Uint8Array } | null;
  /** Requests for one log come one after the other. */
  turn: Promise<unknown>;
}

/** A head that the log has signed, with no lines but the log's. */
interface OwnHead {
  readonly checkpoint: Checkpoint;
  readonly note: Note;
}

/**
 * `add-checkpoint` of c2sp.org/tlog-witness. A head is on the disk before anything is signed for it: whatever is
 * killed when, no second head of that size is ever cosigned.
 */
export class Cosigner {
  readonly #options: CosignerOptions;
  readonly #logs: ReadonlyMap<string, LogState>;

  /** @throws WitnessError `state_damaged` */
  constructor(options: CosignerOptions) {
    this.#options = options;
    this.#logs = new Map(
      options.logs.map((log) => [
        log.origin,
        { ...log, head: options.store.read(log.origin), signed: null, turn: Promise.resolve() },
      ]),
    );
  }

  /** The newest head of each log that is on the disk. */
  heads(): readonly { readonly origin: string; readonly head: Head | null }[] {
    return [...this.#logs.values()].map(({ origin, head }) => ({ origin, head: head ?? null }));
  }

  async addCheckpoint(body: Uint8Array): Promise<Answer> {
    const request = readRequest(body);
    if (request === null) return answerText(400, 'not an add-checkpoint request\n');
    const log = this.#logs.get(request.head.origin);
    if (log === undefined) return answerText(404, 'this witness does not know the log\n');
    return inTurn(log, () => this.#decide(log, request));
  }

  /**
   * A checkpoint that was fetched and not sent, and so comes without a proof: `admit` has to be better than one. It may
   * take its time, and others are answered meanwhile.
   *
   * @returns null where it is not newer than what was cosigned, or is nobody's
   */
  async offer(bytes: Uint8Array, admit: Admit): Promise<Answer | null> {
    const own = await this.#ownHead(bytes);
    const log = own === null ? undefined : this.#logs.get(own.checkpoint.origin);
    if (own === null || log === undefined || !(await this.#isNewer(log, own))) return null;
    const refused = await admit({ checkpoint: own.checkpoint, note: formatNote(own.note) });
    if (refused !== null) return refused;
    return inTurn(log, async () => ((await this.#isNewer(log, own)) ? this.#sign(log, own) : null));
  }

  /** The newest cosigned checkpoint of the log under this path of the published protocol, or null. */
  async newest(path: string): Promise<Uint8Array | null> {
    const log = [...this.#logs.values()].find(({ origin }) => witnessCheckpointPath(origin) === path);
    if (log === undefined) return null;
    return inTurn(log, async () => {
      const head = this.#headOf(log);
      // After a start there is a head, but not our lines under it.
      if (head !== null && log.signed === null) await this.#sign(log, { ...head, note: parseNote(head.note) });
      return log.signed?.note ?? null;
    });
  }

  #headOf(log: LogState): Head | null {
    log.head ??= this.#options.store.read(log.origin);
    return log.head;
  }

  async #decide(log: LogState, request: ParsedAddCheckpoint): Promise<Answer> {
    const last = this.#headOf(log);
    const decision = await decideAddCheckpoint(request, {
      verifiers: log.verifiers,
      head: last?.checkpoint ?? null,
    });
    if (decision.outcome === 'bad') return answerText(400, 'the old size is larger than the checkpoint\n');
    if (decision.outcome === 'unprocessable') {
      return answerText(422, 'the proof does not lead from the old size to the checkpoint\n');
    }
    if (decision.outcome !== 'conflict' && decision.outcome !== 'cosign') {
      return answerText(403, 'no valid signature of the log\n');
    }
    const own = await withLogLines(log, { checkpoint: request.head, note: request.note });
    if (decision.outcome === 'cosign') return this.#admitAndSign(log, own);
    // It is signed; a wrong old size must not hide that it is a second head.
    if (last !== null && isFork(last, own.checkpoint)) await this.#foundFork(last, own);
    return answerConflict(decision.size);
  }

  async #isNewer(log: LogState, own: OwnHead): Promise<boolean> {
    const last = this.#headOf(log);
    if (last !== null && isFork(last, own.checkpoint)) await this.#foundFork(last, own);
    return last === null || own.checkpoint.size > last.checkpoint.size;
  }

  async #admitAndSign(log: LogState, own: OwnHead): Promise<Answer> {
    const refused = await this.#options.admit?.({ checkpoint: own.checkpoint, note: formatNote(own.note) });
    return refused ?? this.#sign(log, own);
  }

  /** First the disk, then the signature. */
  async #sign(log: LogState, { checkpoint, note }: OwnHead): Promise<Answer> {
    const timeSeconds = this.#options.clock.next();
    if (timeSeconds === null) {
      this.#options.tell('refused: the clock is behind the last cosignature; set it right');
      return answerLater('the clock of this witness is wrong', 600);
    }
    const { signed } = log;
    const isRepeated = signed?.timeSeconds === timeSeconds && parseNote(signed.note).text === note.text;
    if (isRepeated) return answerText(200, signed.lines);
    const head: Head = { checkpoint, note: formatNote(note), timeSeconds };
    // Until the write is known to have come through, nobody knows which of the two is on the disk.
    log.head = undefined;
    await this.#options.store.write(head);
    log.head = head;
    // ML-DSA-44 cosignatures do not cover extension lines, and so do not stand under any.
    const able = this.#options.signers.filter(
      ({ key }) => checkpoint.extensions.length === 0 || key.type === ed25519CosignatureType,
    );
    const cosignatures = await Promise.all(able.map((signer) => cosign(note, signer, timeSeconds)));
    const lines = formatCosignatures(cosignatures);
    const whole = formatNote({ text: note.text, signatures: [...note.signatures, ...cosignatures] });
    log.signed = { timeSeconds, lines, note: whole };
    this.#options.tell(`cosigned ${checkpoint.origin} ${checkpoint.size}`);
    return answerText(200, lines);
  }

  /** @returns null for what is not a checkpoint of a log that is known */
  async #ownHead(bytes: Uint8Array): Promise<OwnHead | null> {
    try {
      const note = parseNote(bytes);
      const checkpoint = parseCheckpoint(note.text);
      const log = this.#logs.get(checkpoint.origin);
      if (log === undefined || !(await verifyNote(note, log.verifiers, 'any')).verified) return null;
      return await withLogLines(log, { checkpoint, note });
    } catch (error) {
      if (error instanceof TlogError) return null;
      throw error;
    }
  }

  async #foundFork(last: Head, { checkpoint, note }: OwnHead): Promise<void> {
    await this.#options.found({
      kind: 'two_heads_of_one_size',
      origin: checkpoint.origin,
      what: `The log has signed two different heads of size ${checkpoint.size}: it is a different log for different people.`,
      facts: {
        first: Buffer.from(last.note).toString('utf8'),
        second: Buffer.from(formatNote(note)).toString('utf8'),
      },
    });
  }
}

/** @returns null for what is not a request of the protocol */
function readRequest(body: Uint8Array): ParsedAddCheckpoint | null {
  try {
    return parseAddCheckpoint(body);
  } catch (error) {
    if (error instanceof TlogError) return null;
    throw error;
  }
}

/** Lines that nobody vouches for are not kept: a caller could add any number of them. */
async function withLogLines({ verifiers }: KnownLog, { checkpoint, note }: OwnHead): Promise<OwnHead> {
  const verdict = await verifyNote(note, verifiers, 'any');
  const known = verdict.verified ? verdict.signedBy : [];
  const signatures = note.signatures.filter((line) =>
    known.some((key) => key.name === line.keyName && key.keyId === line.keyId),
  );
  return { checkpoint, note: { text: note.text, signatures } };
}

function isFork(last: Head, { size, rootHash }: Checkpoint): boolean {
  return size === last.checkpoint.size && Buffer.compare(rootHash, last.checkpoint.rootHash) !== 0;
}

async function inTurn<T>(log: LogState, work: () => Promise<T>): Promise<T> {
  const turn = log.turn.then(work);
  log.turn = turn.catch(() => {});
  return turn;
}
