// kill -9 wherever it hurts: never two cosigned heads of one size, and what was cosigned is never forgotten.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseCosignatures, verifyNote, type NoteVerifier } from '@latchkey/tlog';
import { decodeHead } from '../src/state/head.ts';
import type { WriteStep } from '../src/state/write-whole.ts';
import { entry, TestLog } from './test-log.ts';
import { make, start, watch, type Running } from './witness-process.ts';

const steps: readonly WriteStep[] = ['opened', 'written', 'synced', 'renamed', 'folder-synced'];
const commonSize = 3;
const lastSize = 120;
const rounds = 5;

/** Two branches of one log, both signed: whoever cosigns both at one size is no witness. */
async function branches(): Promise<{ left: TestLog; right: TestLog }> {
  const left = new TestLog('log.example/kill');
  for (let size = 0; size < commonSize; size++) await left.add(entry(`both ${size}`));
  const right = await left.fork(commonSize);
  for (let size = commonSize; size < lastSize; size++) {
    await left.add(entry(`left ${size}`));
    await right.add(entry(`right ${size}`));
  }
  return { left, right };
}

/** Which root was cosigned at which size; fails at the second root of one size. */
class Cosigned {
  readonly #roots = new Map<number, string>();
  largest = 0;
  count = 0;
  /** Called after each new cosignature. */
  added: () => void = () => {};
  readonly #verifiers: readonly NoteVerifier[];

  constructor(verifiers: readonly NoteVerifier[]) {
    this.#verifiers = verifiers;
  }

  async add(log: TestLog, size: number, answer: string): Promise<void> {
    const note = { text: log.text(size), signatures: parseCosignatures(Buffer.from(answer)) };
    assert.equal((await verifyNote(note, this.#verifiers, 'all')).verified, true);
    const root = Buffer.from(log.rootAt(size)).toString('hex');
    assert.equal(this.#roots.get(size) ?? root, root, `two cosigned heads of size ${size}`);
    this.#roots.set(size, root);
    this.largest = Math.max(this.largest, size);
    this.count += 1;
    this.added();
  }
}

/** Asks for the next size until the line breaks. */
async function pushUntilCut(witness: Running, log: TestLog, cosigned: Cosigned): Promise<void> {
  let known = 0;
  try {
    while (known < lastSize) {
      const next = Math.min(lastSize, known + 1);
      const { status, text } = await witness.post(await log.request(known, next));
      if (status === 200) {
        await cosigned.add(log, next, text);
        known = next;
      } else if (status === 409 && Number(text) !== known) known = Number(text);
      else return;
    }
  } catch (error) {
    // A cut line is a TypeError of fetch.
    if (!(error instanceof TypeError)) throw error;
  }
}

function headOnDisk(data: string): number {
  const heads = join(data, 'witness/heads');
  const [name] = readdirSync(heads).filter((each) => /^[0-9a-f]{64}$/.test(each));
  return name === undefined ? 0 : decodeHead(readFileSync(join(heads, name))).checkpoint.size;
}

test('killed at each step of a write, while both branches ask', async (t) => {
  const { left, right } = await branches();
  const { data, verifiers } = make(t, 'witness', [left.line]);
  const cosigned = new Cosigned(verifiers);
  for (const [turn, step] of [...steps, ...steps].entries()) {
    const script = join(import.meta.dirname, 'serve-for-kill.ts');
    const child = spawn(process.execPath, [script, data, step, String(1 + (turn % 3))]);
    t.after(() => child.kill('SIGKILL'));
    const witness = await watch(child);
    const [first, second] = turn % 2 === 0 ? [left, right] : [right, left];
    await Promise.all([pushUntilCut(witness, first, cosigned), pushUntilCut(witness, second, cosigned)]);
    if (child.signalCode === null) await once(child, 'exit');
    assert.equal(child.signalCode, 'SIGKILL', `${step}: it should have been killed`);
    assert.ok(headOnDisk(data) >= cosigned.largest, `${step}: a cosigned head was forgotten`);
  }
  assert.ok(cosigned.largest > steps.length, 'too little was cosigned to say anything');
});

test('killed at random, while both branches ask', async (t) => {
  const { left, right } = await branches();
  const { data, verifiers } = make(t, 'witness', [left.line]);
  const cosigned = new Cosigned(verifiers);
  for (let round = 0; round < rounds; round++) {
    const witness = await start(t, 'run', data);
    // Counted, not timed: a busy machine has to come as far as an idle one.
    let until = 1 + Math.floor(Math.random() * 8);
    cosigned.added = () => {
      until -= 1;
      if (until === 0) setTimeout(() => witness.child.kill('SIGKILL'), Math.random() * 10);
    };
    await Promise.all([left, right].map((log) => pushUntilCut(witness, log, cosigned)));
    witness.child.kill('SIGKILL');
    if (witness.child.signalCode === null) await once(witness.child, 'exit');
    assert.ok(headOnDisk(data) >= cosigned.largest, 'a cosigned head was forgotten');
  }
  assert.ok(cosigned.count >= rounds, 'too little was cosigned to say anything');
});
