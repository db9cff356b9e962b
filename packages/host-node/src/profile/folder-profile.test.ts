import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import type { Profile } from '@latchkey/sdk/ports';
import { sourceUrl, startChild } from '../../test/child-process.ts';
import { folderProfile } from './folder-profile.ts';

let folder = '';
let home = '';
let profile: Profile;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-profile-'));
  home = join(folder, 'some', 'home');
  profile = folderProfile(home);
});
afterEach(() => rmSync(folder, { recursive: true }));

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const textOf = async (file: Parameters<Profile['read']>[0]): Promise<string | null> => {
  const read = await profile.read(file);
  return read === null ? null : Buffer.from(read).toString();
};

suite('files of a profile', () => {
  test('come back as they were written, and are gone when they were removed', async () => {
    assert.equal(await textOf('account'), null);
    await profile.remove('account');
    assert.equal(existsSync(home), false, 'looking makes no folder');
    for (const text of ['first', 'a longer second', '', 'x'.repeat(1_000_000)]) {
      await profile.write('account', bytes(text));
      assert.equal(await textOf('account'), text);
    }
    await profile.write('seen', bytes('seen'));
    await profile.remove('account');
    await profile.remove('account');
    assert.equal(await textOf('account'), null);
    assert.equal(await textOf('seen'), 'seen');
    assert.deepEqual(readdirSync(home), ['seen']);
  });

  test('are for their owner alone, whatever the umask', async () => {
    const before = process.umask(0);
    try {
      await profile.exclusively(() => profile.write('account', bytes('x')));
    } finally {
      process.umask(before);
    }
    assert.equal(statSync(home).mode & 0o777, 0o700);
    for (const name of readdirSync(home)) assert.equal(statSync(join(home, name)).mode & 0o777, 0o600, name);
  });

  test('leave no content behind where it lay', async () => {
    await profile.write('unlocked', bytes('the first root'));
    const path = join(home, 'unlocked');
    const first = openSync(path, 'r');
    await profile.write('unlocked', bytes('the second root'));
    const second = openSync(path, 'r');
    await profile.remove('unlocked');
    assert.equal(readFileSync(first, 'latin1'), '\0'.repeat(14));
    assert.equal(readFileSync(second, 'latin1'), '\0'.repeat(15));
    closeSync(first);
    closeSync(second);
  });

  test('with a second name are somebody’s copy, which stays', async () => {
    await profile.write('account', bytes('copied'));
    linkSync(join(home, 'account'), join(folder, 'copy'));
    await profile.write('account', bytes('newer'));
    assert.equal(readFileSync(join(folder, 'copy'), 'utf8'), 'copied');
    linkSync(join(home, 'account'), join(folder, 'second'));
    await profile.remove('account');
    assert.equal(readFileSync(join(folder, 'second'), 'utf8'), 'newer');
  });

  test('that cannot be a file of ours are not read into memory', async () => {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    writeFileSync(join(home, 'account'), '', { mode: 0o600 });
    truncateSync(join(home, 'account'), 2 ** 30);
    await assert.rejects(profile.read('account'), { code: 'profile_damaged' });
  });
});

suite('a profile that others could read or change', () => {
  async function refused(): Promise<void> {
    await assert.rejects(profile.read('account'), { code: 'profile_unsafe' });
    await assert.rejects(profile.write('account', bytes('x')), { code: 'profile_unsafe' });
    await assert.rejects(profile.remove('account'), { code: 'profile_unsafe' });
  }
  const busyToo = (): Promise<void> =>
    assert.rejects(
      profile.exclusively(() => Promise.resolve()),
      { code: 'profile_unsafe' },
    );

  for (const mode of [0o750, 0o701, 0o777, 0o720]) {
    test(`is refused: a folder of mode ${mode.toString(8)}`, async () => {
      mkdirSync(home, { recursive: true });
      chmodSync(home, mode);
      await refused();
      await busyToo();
      assert.deepEqual(readdirSync(home), []);
    });
  }

  for (const mode of [0o640, 0o604, 0o620, 0o666]) {
    test(`is refused: a file of mode ${mode.toString(8)}`, async () => {
      await profile.write('account', bytes('old'));
      chmodSync(join(home, 'account'), mode);
      await refused();
      assert.equal(readFileSync(join(home, 'account'), 'utf8'), 'old');
    });
  }

  test('is refused: a folder or a file of somebody else', async (t) => {
    if (process.geteuid?.() !== 0) return t.skip('only root can give files away');
    await profile.write('account', bytes('old'));
    chownSync(join(home, 'account'), 12_345, 0);
    await refused();
    chownSync(join(home, 'account'), 0, 0);
    chownSync(home, 12_345, 0);
    await refused();
    await busyToo();
  });

  test('is refused: a folder that is none', async () => {
    mkdirSync(join(folder, 'some'));
    writeFileSync(home, '');
    await refused();
    await busyToo();
  });

  test('is refused: a link, a pipe, a folder as a file', async () => {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'elsewhere'), 'mine', { mode: 0o600 });
    symlinkSync(join(folder, 'elsewhere'), join(home, 'account'));
    await refused();
    assert.equal(readFileSync(join(folder, 'elsewhere'), 'utf8'), 'mine');
    rmSync(join(home, 'account'));
    execFileSync('mkfifo', ['-m', '600', join(home, 'account')]);
    await refused();
    rmSync(join(home, 'account'));
    mkdirSync(join(home, 'account'), { mode: 0o700 });
    await assert.rejects(profile.read('account'), { code: 'profile_unsafe' });
  });

  test('is taken behind a link to a folder of one’s own', async () => {
    mkdirSync(join(folder, 'real'), { mode: 0o700 });
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    profile = folderProfile(join(folder, 'link'));
    await profile.write('account', bytes('x'));
    assert.equal(readFileSync(join(folder, 'real', 'account'), 'utf8'), 'x');
    assert.ok(lstatSync(join(folder, 'link')).isSymbolicLink());
  });

  test('cannot be where a folder cannot be made', async () => {
    mkdirSync(join(folder, 'some'), { mode: 0o500 });
    const me = process.geteuid?.() ?? -1;
    // Root may write everywhere, so somebody else tries.
    if (me === 0) process.seteuid?.(65_534);
    try {
      await assert.rejects(profile.write('account', bytes('x')), { code: 'file_not_writable' });
    } finally {
      if (me === 0) process.seteuid?.(me);
    }
  });
});

/** Kills itself instead of the named call; `on` says at which one. */
function killedAt(call: 'renameSync' | 'rmSync' | 'fsyncSync' | 'writeSync', work: string): string {
  return `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    const real = fs.${call};
    fs.${call} = (...given) => {
      if (${JSON.stringify(call)} === 'writeSync') real(given[0], given[1], 0, 3, 0);
      process.kill(process.pid, 'SIGKILL');
      for (;;);
    };
    syncBuiltinESMExports();
    const { folderProfile } = await import(${JSON.stringify(sourceUrl('profile/folder-profile.ts'))});
    const profile = folderProfile(${JSON.stringify(home)});
    ${work}
  `;
}

suite('a process that is killed', () => {
  const write = "await profile.write('account', new Uint8Array(Buffer.from('new')));";
  for (const call of ['writeSync', 'fsyncSync', 'renameSync'] as const) {
    test(`at ${call} of a write leaves what was there, and its leftover goes`, async () => {
      await profile.write('account', bytes('old'));
      assert.equal(await startChild(killedAt(call, write)).ended, 'SIGKILL');
      assert.equal(await textOf('account'), 'old');
      assert.equal(readdirSync(home).filter((name) => name.endsWith('.new')).length, 1);
      await profile.exclusively(() => Promise.resolve());
      assert.deepEqual(readdirSync(home).toSorted(), ['account', 'lock']);
    });
  }

  test('while a file is taken away: it is gone, and its leftover goes', async () => {
    await profile.write('unlocked', bytes('root'));
    assert.equal(await startChild(killedAt('rmSync', "await profile.remove('unlocked');")).ended, 'SIGKILL');
    assert.equal(await textOf('unlocked'), null);
    const [left = ''] = readdirSync(home);
    assert.equal(readFileSync(join(home, left), 'latin1'), '\0'.repeat(4), 'it was overwritten before');
    await profile.exclusively(() => Promise.resolve());
    assert.deepEqual(readdirSync(home), ['lock']);
  });
});

test('the leftover of a process that lives, and files that are not ours, stay', async () => {
  await profile.write('account', bytes('x'));
  const alive = `.account.${process.ppid}.0123456789abcdef.new`;
  const names = [alive, '.account.0.0123456789abcdef.new', 'notes.txt', '.other.77777777.0123456789abcdef.new'];
  for (const name of names) writeFileSync(join(home, name), '', { mode: 0o600 });
  writeFileSync(join(home, `.account.${process.pid}.0123456789abcdef.new`), 'of an older process', { mode: 0o600 });
  await profile.exclusively(() => Promise.resolve());
  assert.deepEqual(readdirSync(home).toSorted(), [...names, 'account', 'lock'].toSorted());
});
