/** One attack, one test, one row of README.md: what the test saw must be what the row says. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { attackRows } from './attack-rows.ts';

let happenings = 0;

/** Whoever lies says so here: a test in which nobody did is no proof. */
export function attackHappened(): void {
  happenings += 1;
}

/**
 * The work makes the attack and gives back what people and programs were told: error codes, verdicts. They are compared
 * with the row of this name.
 */
export function attack(name: string, work: (t: TestContext) => Promise<readonly string[]>): void {
  test(name, { timeout: 60_000 }, async (t) => {
    const before = happenings;
    const told = [...new Set(await work(t))].toSorted();
    assert.ok(happenings > before, 'the attack never happened');
    const row = attackRows().find((each) => each.attack === name);
    assert.deepEqual(
      told,
      row?.told.toSorted(),
      `told: ${told.join()}; README.md: ${row?.told.join() ?? 'no such row'}`,
    );
  });
}
