import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { outsideProgram } from '@latchkey/testkit';

/** Where Debian's golang-golang-x-mod-dev puts the packages. */
const goPath = '/usr/share/gocode';

/** A Go program of this folder, or of another one, built for one test; or why it cannot be. */
export function buildGo(
  t: TestContext,
  name: string,
  from: string = import.meta.dirname,
): { readonly program: string } | { readonly missing: string } {
  const go = outsideProgram('go');
  if (go === null) return { missing: 'go is not installed' };
  if (!existsSync(join(goPath, 'src/golang.org/x/mod/sumdb/note'))) {
    return { missing: 'golang-golang-x-mod-dev is not installed' };
  }
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-go-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const program = join(folder, name);
  // GOFLAGS is cleared because a setting of the machine's could ask for modules, GOPROXY so that nothing is fetched.
  const offline = { GO111MODULE: 'off', GOPATH: goPath, GOFLAGS: '', GOPROXY: 'off', GOCACHE: join(folder, 'cache') };
  const built = spawnSync(go, ['build', '-o', program, join(from, name, 'main.go')], {
    env: { ...process.env, ...offline },
    encoding: 'utf8',
  });
  assert.equal(built.status, 0, built.stderr);
  return { program };
}
