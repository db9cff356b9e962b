import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { exitCodes } from '../src/exit-codes.ts';
import { room, sandbox } from './sandbox.ts';

const guide = readFileSync(join(room, '../../docs/guide/terminal.md'), 'utf8');

/** What each block prints that a reader would look for; the others print nothing worth a look. */
const prints: readonly [block: RegExp, expected: RegExp][] = [
  [/^latchkey keygen -y/, /^age1pq1[0-9a-z]+\n$/],
  [/^echo 'The spare key/, /^The spare key is under the third pot\.\n$/],
  [/^mkdir -p photos/, /^a picture\n$/],
  [/^latchkey keygen -o bob/, /^The spare key/],
  [/^latchkey seal -a/, /^-----BEGIN AGE ENCRYPTED FILE-----\nThe spare key/],
  [/^echo 'five words/, /^The spare key/],
  [/^latchkey inspect plan/, /2 hybrid, post-quantum/],
  [/^latchkey inspect --json/, /^\{"command":"inspect"/],
  [/^latchkey doctor/, /Self-tests\n {2}ok/],
  [/^latchkey seal --help/, /^latchkey seal - /],
];

it('the guide to the terminal works from top to bottom', (t) => {
  const box = sandbox(t);
  const blocks = [...guide.matchAll(/```sh\n([^`]*)```/g)].map(([, block]) => block ?? '');
  assert.ok(blocks.length > 10);
  for (const block of blocks) {
    const ran = box.sh(`set -e; ${block}`);
    assert.deepEqual([block, ran.status, ran.err], [block, 0, '']);
    for (const [which, expected] of prints) if (which.test(block)) assert.match(ran.out, expected);
  }
  for (const [which] of prints)
    assert.ok(
      blocks.some((block) => which.test(block)),
      String(which),
    );
});

it('the guide lists the exit codes as they are', () => {
  const listed = [...guide.matchAll(/^\| (\d+) +\| (.*?) +\|$/gm)].map(([, code, means]) => [Number(code), means]);
  assert.deepEqual(
    listed,
    exitCodes.map(({ code, means }) => [code, means]),
  );
});
