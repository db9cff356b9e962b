import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EQUIVOCATIONS } from './equivocations.ts';
import { LyingWorld } from './lying-world.ts';

for (const row of EQUIVOCATIONS) {
  for (const kind of row.kinds) {
    test(`${row.name} (${kind})`, async () => {
      const world = await LyingWorld.begin(kind);
      const [alice, bob] = world.owners;
      const [reader] = world.readers;
      assert.ok(alice !== undefined && bob !== undefined && reader !== undefined);
      await world.add(bob, await bob.rotation());
      // Who has seen nothing can be shown anything, unless others have seen it too.
      if (row.needsPin === true) await reader.ask(bob);
      else if (kind === 'alone') await reader.ask(alice);
      const lie = await row.tell(world, bob);
      const told = await reader.lied(bob, lie);
      assert.match(told.words, row.told);
    });
  }
}
