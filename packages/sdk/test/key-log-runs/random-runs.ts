/** Owners, readers, time and all equivocations in any order; a run that fails is made as short as it can be. */
import * as fc from 'fast-check';
import { EQUIVOCATIONS } from './equivocations.ts';
import { LyingWorld, type Reader } from './lying-world.ts';
import type { Owner } from './owner.ts';

/** Longer chains show nothing that three do not. */
const MOST_STATEMENTS = 6;

type Command = fc.AsyncCommand<object, LyingWorld>;

/** What does not fit the moment is left out: the run goes on. */
function command(name: string, run: (world: LyingWorld) => Promise<unknown>): Command {
  return {
    check: () => true,
    async run(_model, world) {
      await run(world);
    },
    toString: () => name,
  };
}

function isWhole(owner: Owner): boolean {
  return owner.foreignAt === null && owner.pendingReset === null && owner.chain.length < MOST_STATEMENTS;
}

function at<T>(list: readonly T[], place: number): T {
  const found = list[place % list.length];
  if (found === undefined) throw new Error('an empty list');
  return found;
}

async function lieTo(world: LyingWorld, { reader, target, row }: LieTold): Promise<void> {
  if (reader.owner === target || !isWhole(target) || !row.kinds.includes(world.kind)) return;
  if (world.kind === 'alone') {
    // Whoever has seen nothing can be shown anything where nobody else looks: design 04, "Trust policy".
    if (reader.isSplit || reader.owner.foreignAt !== null) return;
    await reader.ask(row.needsPin === true ? target : reader.owner);
  }
  await reader.lied(target, await row.tell(world, target));
}

interface LieTold {
  readonly reader: Reader;
  readonly target: Owner;
  readonly row: (typeof EQUIVOCATIONS)[number];
}

const someone = fc.nat(2);
const step: fc.Arbitrary<Command>[] = [
  someone.map((who) =>
    command(`rotate(${who})`, async (world) => {
      const owner = at(world.owners, who);
      if (isWhole(owner)) await world.add(owner, await owner.rotation());
    }),
  ),
  fc
    .tuple(someone, someone)
    .map(([who, whom]) =>
      command(`ask(${who}, ${whom})`, (world) => at(world.readers, who).ask(at(world.owners, whom))),
    ),
  fc.tuple(fc.integer({ min: 1, max: 4 }), someone).map(([days, whom]) =>
    command(`days(${days}, ${whom})`, async (world) => {
      for (let day = 0; day < days; day++) {
        await world.later(24);
        for (const reader of world.readers) await reader.ask(at(world.owners, whom));
      }
    }),
  ),
  fc.constantFrom(1, 23, 25, 71, 80, 200).map((hours) => command(`later(${hours} h)`, (world) => world.later(hours))),
  someone.map((who) => command(`restart(${who})`, async (world) => at(world.readers, who).restart())),
];
const lies: fc.Arbitrary<Command> = fc
  .tuple(fc.nat(EQUIVOCATIONS.length - 1), someone, fc.integer({ min: 1, max: 2 }))
  .map(([which, who, other]) => {
    const row = at(EQUIVOCATIONS, which);
    return command(`lie(${row.name}, ${who}, ${(who + other) % 3})`, (world) =>
      lieTo(world, { row, reader: at(world.readers, who), target: at(world.owners, who + other) }),
    );
  });

export interface RunOptions {
  readonly runs: number;
  readonly commands: number;
  /** Absent: another one each time; it is printed where a run fails. */
  readonly seed?: number;
}

/** @throws with the shortest run that was found, where something happened that must not */
export async function driveRandomRuns({ runs, commands, seed }: RunOptions): Promise<void> {
  const kind = fc.constantFrom('witnessed' as const, 'alone' as const);
  const order = fc.commands([...step, lies, lies, lies, lies], { maxCommands: commands, size: 'max' });
  await fc.assert(
    fc.asyncProperty(kind, order, (world, made) =>
      fc.asyncModelRun(async () => ({ model: {}, real: await LyingWorld.begin(world) }), made),
    ),
    { numRuns: runs, ...(seed === undefined ? {} : { seed }) },
  );
}
