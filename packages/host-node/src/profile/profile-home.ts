import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * The profile folder (docs/spec/05-account.md, "Profile folder"): `LATCHKEY_HOME`, else `latchkey` in
 * `XDG_DATA_HOME`, else in `~/.local/share`. Empty variables count as absent, and so does an `XDG_DATA_HOME` that is
 * not absolute, as its specification has it.
 */
export function profileHome(environment: NodeJS.ProcessEnv = process.env): string {
  const { LATCHKEY_HOME: own = '', XDG_DATA_HOME: data = '' } = environment;
  if (own !== '') return resolve(own);
  return join(isAbsolute(data) ? data : join(homedir(), '.local', 'share'), 'latchkey');
}
