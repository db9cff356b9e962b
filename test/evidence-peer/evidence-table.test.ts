/**
 * Every equivocation of the design, what evidence it leaves, and who confirms it: `latchkey keys verify-evidence`, and Go
 * as far as signatures allow. README.md has the table; here it is worked out anew.
 */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { nodeEngine } from '../../packages/crypto/src/engine-node/index.ts';
import { verifyEvidence } from '../../packages/sdk/src/directory/key-log/verify-evidence.ts';
import { buildGo } from '../../packages/tlog/test/build-go.ts';
import { evidenceOf } from './evidence-of.ts';

interface Checked {
  readonly reason: string;
  readonly file: string;
  /** Whose word it is. */
  readonly shownBy: string;
}

const folder = mkdtempSync(join(tmpdir(), 'latchkey-evidence-'));
after(() => rmSync(folder, { recursive: true }));
const rows = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(2)
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
  .map(([, name = '', kind = '', reason = '', command = '', go = '']) => ({ name, kind, reason, command, go }));
/** By equivocation and world. */
const found = new Map<string, Checked[]>();

before(async () => {
  const files: { readonly row: string; readonly reason: string; readonly file: string }[] = [];
  for await (const { name, kind, reason, file } of evidenceOf()) {
    found.set(`${name}, ${kind}`, []);
    if (file === null) continue;
    const path = join(folder, `${files.length}.json`);
    writeFileSync(path, file);
    files.push({ row: `${name}, ${kind}`, reason, file: path });
  }
  for (const { row, reason, file } of files) {
    const verdict = await verifyEvidence(nodeEngine, new Uint8Array(readFileSync(file)));
    assert.ok(verdict.holds && verdict.reason === reason, row);
    found.get(row)?.push({ reason, file, shownBy: verdict.shownBy });
  }
});

test('the table says what evidence each equivocation leaves, and whose word it is', () => {
  const worked = [...found].map(([row, all]) => [row, all.map((each) => `${each.reason} ${each.shownBy}`).toSorted()]);
  const written = rows.map(({ name, kind, reason, command }) => [
    `${name}, ${kind}`,
    reason === '—' ? [] : reason.split(', ').map((each, at) => `${each} ${command.split(', ')[at] ?? command}`),
  ]);
  assert.deepEqual(Object.fromEntries(worked), Object.fromEntries(written));
});

test('the command line says the same of one file of each kind, and refuses a changed one', async () => {
  const bin = join(import.meta.dirname, '../../apps/cli/bin/latchkey');
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, LC_ALL: 'C.UTF-8' };
  const run = promisify(execFile);
  const check = (file: string): Promise<{ stdout: string }> =>
    run(bin, ['keys', 'verify-evidence', file, '--json'], { env });
  const each = new Map([...found.values()].flat().map((one) => [one.reason, one]));
  assert.ok(each.size >= 9);
  // Starting the command is most of it.
  await Promise.all(
    [...each.values()].map(async ({ reason, file, shownBy }) => {
      const said = JSON.parse((await check(file)).stdout) as Record<string, unknown>;
      assert.deepEqual([said['holds'], said['reason'], said['shownBy']], [true, reason, shownBy]);
    }),
  );
  const changed = join(folder, 'changed.json');
  const [first] = each.values();
  assert.ok(first !== undefined);
  writeFileSync(changed, readFileSync(first.file, 'utf8').replace(/\\n(\d+)\\n/, '\\n9$1\\n'));
  await assert.rejects(check(changed), { code: 13 });
});

test('Go finds in each file what the table says, and nothing in a changed one', (t) => {
  const built = buildGo(t, 'go-evidence', import.meta.dirname);
  if ('missing' in built) return t.skip(built.missing);
  const go = (input: string): { readonly status: number | null; readonly said: string } => {
    const { status, stdout, stderr } = spawnSync(built.program, { input, encoding: 'utf8' });
    return { status, said: status === 0 ? kindsOf(stdout) : stderr };
  };
  for (const { name, kind, go: expected } of rows) {
    for (const { reason, file } of found.get(`${name}, ${kind}`) ?? []) {
      const text = readFileSync(file, 'utf8');
      assert.deepEqual(go(text), { status: 0, said: expected }, `${name}, ${kind}: ${reason}`);
      // One figure of a signed size, a hash of a proof or of what is proved.
      for (const [what, changed] of Object.entries({
        size: text.replace(/\\n(\d+)\\n/, (_all, size: string) => `\\n${Number(size) + 1}\\n`),
        key: text.replace(/"ed25519": "./, (all) => `${all.slice(0, -1)}${all.endsWith('A') ? 'B' : 'A'}`),
        leaf: text.replace(
          /"(?:leaf|leaves|indexLeaf)": "./,
          (all) => `${all.slice(0, -1)}${all.endsWith('A') ? 'B' : 'A'}`,
        ),
      })) {
        if (changed !== text) assert.equal(go(changed).status, 1, `${name}, ${kind}: ${what}`);
      }
    }
  }
});

/** What was found, without what differs from run to run. */
function kindsOf(lines: string): string {
  return [
    ...new Set(
      lines
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/ .*/, '')),
    ),
  ].join(', ');
}
