import { evaluatePolicy, formatNote, parseNote, withSignatures, type NoteSignature, type Policy } from '@latchkey/tlog';
import { askCosigner, type CosignerAnswer, type HeadToCosign } from './ask-cosigner.ts';
import { verifySignature, type Cosigner } from './cosigner.ts';

/** How long the others are waited for once there are enough. */
const graceMs = 300;

export interface Gathering {
  readonly cosigners: readonly Cosigner[];
  /** With the log's own lines, so that these are checked too before anybody sees the head. */
  readonly policy: Policy;
  readonly head: HeadToCosign;
  /** Sizes that each cosigner knows of this log, as far as we know; kept up to date here. */
  readonly knownSizes: Map<string, number>;
  readonly report: (problem: string) => void;
}

export interface Gathered {
  /** null: too few for the policy. */
  readonly note: string | null;
  /** A cosigner knows a larger head than this, or another one of its size. */
  readonly aheadSize: number | null;
}

/** Asks all of them at once and gives the head with what has come, as soon as it is enough for the policy. */
export async function gatherCosignatures(gathering: Gathering): Promise<Gathered> {
  const { cosigners, head, knownSizes, report } = gathering;
  const lines = new Map<string, readonly NoteSignature[]>();
  let aheadSize: number | null = null;
  let pending = cosigners.length;
  let changed = Promise.withResolvers<void>();
  async function ask(cosigner: Cosigner): Promise<void> {
    const outcome = await answerOf(cosigner, head, knownSizes.get(cosigner.name) ?? 0);
    if (outcome.answer === 'cosigned') {
      lines.set(cosigner.name, outcome.lines);
      knownSizes.set(cosigner.name, head.size);
    } else if (outcome.answer === 'ahead') aheadSize = Math.max(aheadSize ?? 0, outcome.size);
    else report(`${cosigner.name}: ${outcome.reason}`);
    pending -= 1;
    changed.resolve();
  }

  for (const cosigner of cosigners) void ask(cosigner);
  for (;;) {
    const note = await satisfied(gathering, lines);
    if (pending === 0 || aheadSize !== null) return { note: aheadSize === null ? note : null, aheadSize };
    if (note !== null) {
      await wait(graceMs, () => pending === 0);
      return { note: (await satisfied(gathering, lines)) ?? note, aheadSize };
    }
    await changed.promise;
    changed = Promise.withResolvers<void>();
  }
}

async function answerOf(cosigner: Cosigner, head: HeadToCosign, knownSize: number): Promise<CosignerAnswer> {
  try {
    return await askCosigner(cosigner, head, knownSize);
  } catch (error) {
    return { answer: 'away', reason: error instanceof Error ? error.message : 'not an Error' };
  }
}

async function satisfied(
  { cosigners, policy, head }: Gathering,
  lines: ReadonlyMap<string, readonly NoteSignature[]>,
): Promise<string | null> {
  const own = parseNote(Buffer.from(head.note, 'utf8'));
  const note = withSignatures(
    own,
    cosigners.flatMap(({ name }) => lines.get(name) ?? []),
  );
  const verdict = await evaluatePolicy(policy, { note, verifySignature, logKeys: 'all' });
  return verdict.satisfied ? Buffer.from(formatNote(note)).toString('utf8') : null;
}

async function wait(ms: number, isDone: () => boolean): Promise<void> {
  const stepMs = 20;
  for (let left = ms; left > 0 && !isDone(); left -= stepMs) {
    await new Promise((resolve) => setTimeout(resolve, stepMs).unref());
  }
}
