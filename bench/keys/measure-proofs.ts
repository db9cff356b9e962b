import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { browserMissing, withPage } from '@latchkey/testkit';
import { median } from '../median.ts';
import { timeChild } from '../timed-child.ts';
import type { Bench } from './bench.ts';
import { largeDirectory, type Shown } from './large-directory.ts';
import type * as keysPage from './page.ts';
import type { NodeTimes } from './peers/verify.ts';
import { packSamples, type Sample } from './samples.ts';
import type { VerificationTimes } from './time-verification.ts';

export interface ProofFigures {
  readonly leaves: number;
  /** Medians of all people, and the largest one. Nine Ed25519 signatures; without the statement. */
  readonly firstTimeBytes: number;
  readonly largestBytes: number;
  /** With what shows that both logs have only grown since the day before. */
  readonly knownBytes: number;
  /** Of that the look-up: what each further recipient under one head takes. */
  readonly knownLookupBytes: number;
  /** Of `knownBytes` the two consistency proofs. */
  readonly growthBytes: number;
  readonly node: NodeTimes;
  /** Null without a Chromium. */
  readonly chromium: VerificationTimes | null;
}

const PEOPLE = 20;
/** An identity note of one version. */
const NOTE_BYTES = 8_000;
const HASH_BYTES = 32;

/** What a sender is shown, in a directory of so many leaves. */
export async function measureProofs(bench: Bench, leaves: number): Promise<ProofFigures> {
  const directory = await largeDirectory({ leaves, people: PEOPLE, noteBytes: NOTE_BYTES });
  const people: Sample[] = [];
  for (const [position, person] of directory.people.entries()) {
    const [firstTime, known] = [await directory.firstTime(person), await directory.known(person)];
    people.push({ label: person.label, position, firstTime, known });
  }
  const { pin, earlier } = directory;
  const samples = packSamples({ leaves, pin, earlier, people });
  const file = join(bench.folder, `samples-${leaves}`);
  writeFileSync(file, samples);
  const argv = [process.execPath, join(import.meta.dirname, 'peers/verify.ts'), file, String(bench.rounds)];
  const node = JSON.parse(timeChild({ argv }).stdout) as NodeTimes;
  const chromium = browserMissing('chromium') === false ? await inChromium(samples, bench.rounds) : null;
  const firsts = people.map(({ firstTime }) => headBytes(firstTime) + lookupBytes(firstTime));
  const figures: ProofFigures = {
    leaves,
    firstTimeBytes: median(firsts),
    largestBytes: Math.max(...firsts),
    knownBytes: median(people.map(({ known }) => headBytes(known) + lookupBytes(known))),
    knownLookupBytes: median(people.map(({ known }) => lookupBytes(known))),
    growthBytes: median(people.map(({ known }) => growthBytes(known))),
    node,
    chromium,
  };
  const ms = (times: VerificationTimes | null): string =>
    times === null
      ? 'not here'
      : `${times.firstTimeMs.toFixed(2)} ms (VRF ${times.vrfMs.toFixed(2)}), known ${times.knownMs.toFixed(2)} ms (look-up ${times.knownLookupMs.toFixed(2)})`;
  bench.say(`${leaves} leaves: first time ${figures.firstTimeBytes} B, known ${figures.knownBytes} B`);
  bench.say(`  Node: ${ms(node.wall)}; of the processor: ${ms(node.processor)}`);
  bench.say(`  Chromium: ${ms(chromium)}`);
  return figures;
}

function inChromium(samples: string, rounds: number): Promise<VerificationTimes> {
  const entryPath = join(import.meta.dirname, 'page.ts');
  return withPage<typeof keysPage, VerificationTimes>({ browser: 'chromium', entryPath, timeoutMs: 120_000 }, (page) =>
    page.call('verify', samples, rounds),
  );
}

function headBytes({ head }: Shown): number {
  return head.indexCheckpoint.length + head.indexLeaf.length + hashes(head.indexInclusion) + growthBytes({ head });
}

function growthBytes({ head }: Pick<Shown, 'head'>): number {
  return hashes(head.indexConsistency) + hashes(head.keysConsistency);
}

/** VRF proof, positions as 64-bit numbers, map proof, and of each new version leaf, opening and inclusion. */
function lookupBytes({ lookup: { vrfProof, positions, mapProof, leaves } }: Shown): number {
  const versions = leaves.map(
    ({ leaf, inclusion, opened }) => leaf.length + (opened?.opening.length ?? 0) + hashes(inclusion),
  );
  return vrfProof.length + positions.length * 8 + mapProof.length + versions.reduce((sum, each) => sum + each, 0);
}

function hashes(list: readonly Uint8Array[]): number {
  return list.length * HASH_BYTES;
}
