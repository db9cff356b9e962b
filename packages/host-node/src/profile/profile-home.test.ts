import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { profileHome } from './profile-home.ts';

test('the profile is where its variable says, else where data belongs', () => {
  const usual = join(homedir(), '.local', 'share', 'latchkey');
  const cases: readonly [NodeJS.ProcessEnv, string][] = [
    [{}, usual],
    [{ LATCHKEY_HOME: '', XDG_DATA_HOME: '' }, usual],
    [{ XDG_DATA_HOME: '/data' }, '/data/latchkey'],
    [{ XDG_DATA_HOME: 'not/absolute' }, usual],
    [{ LATCHKEY_HOME: '/keys', XDG_DATA_HOME: '/data' }, '/keys'],
    [{ LATCHKEY_HOME: 'keys' }, resolve('keys')],
  ];
  for (const [environment, home] of cases) assert.equal(profileHome(environment), home);
});
