/** Both platforms, compressed as for operators, twice and with nothing kept from before: the web app is built each time. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const repository = join(import.meta.dirname, '../..');

test('two whole releases from nothing are byte-equal, for both platforms', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-release-soak-'));
  try {
    for (const [name, TZ] of [
      ['one', 'UTC'],
      ['two', 'Pacific/Chatham'],
    ] as const) {
      for (const kept of ['web', 'web-brotli'])
        rmSync(join(repository, '.build', kept), { recursive: true, force: true });
      const args = [join(import.meta.dirname, 'release.ts'), '--out', join(folder, name)];
      const made = spawnSync(process.execPath, args, {
        cwd: repository,
        encoding: 'utf8',
        env: { ...process.env, TZ },
      });
      assert.equal(made.status, 0, made.stderr);
    }
    const names = readdirSync(join(folder, 'one'));
    assert.equal(names.length, 3);
    for (const name of names) {
      assert.ok(readFileSync(join(folder, 'one', name)).equals(readFileSync(join(folder, 'two', name))), name);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
