import type { TestEvent } from 'node:test/reporters';

/** Ends the process with 1 at the first test that fails; else says how many tests passed. */
// node:test takes a reporter only as a default export.
// oxlint-disable-next-line import/no-default-export
export default async function* stopAtFirstFailure(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  let passed = 0;
  for await (const event of events) {
    if (event.type !== 'test:complete') continue;
    if (!event.data.details.passed && event.data.todo === undefined) {
      if (process.env['LATCHKEY_MUTANT'] === undefined)
        console.log(`failed: ${event.data.name}`, event.data.details.error);
      process.exit(1);
    }
    if (event.data.details.type !== 'suite' && event.data.skip === undefined) passed += 1;
  }
  yield `passed ${passed}\n`;
}
