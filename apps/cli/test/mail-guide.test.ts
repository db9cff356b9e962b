import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { room, sandbox } from './sandbox.ts';
import { serverProcess } from './server-process.ts';

const guide = readFileSync(join(room, '../../docs/guide/mail.md'), 'utf8');

it('the guide to mail works from top to bottom', async (t) => {
  const box = sandbox(t);
  const { origin } = await serverProcess(t);
  const blocks = [...guide.matchAll(/```sh\n([^`]*)```/g)].map(([, block]) => block ?? '');
  assert.ok(blocks.length >= 7);
  // One shell, because a block uses what an earlier one set.
  const ran = box.sh(`set -e\n${blocks.join('\n').replaceAll('http://localhost:7700', origin)}`);
  assert.equal(ran.status, 0, ran.err);
  for (const expected of [
    /^alice@localhost is yours\.$/m,
    /^Sent to bob@localhost\.$/m,
    /alice@localhost {2}Noon \[1 attached\] - Shall we meet at noon\?/,
    /^From {5}alice@localhost \(signed\)$/m,
    /^the plan$/m,
    /^Sent to alice@localhost\.$/m,
    /^Undo: latchkey mark [0-9a-f]{8} --inbox$/m,
    /^Signed in as bob@localhost\.$/m,
    /^[0-9a-f]{8} {2}laptop \(this one\), until/m,
    /^bob@localhost is unlocked\.$/m,
  ])
    assert.match(ran.out, expected);
});
