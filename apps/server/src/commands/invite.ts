import { randomBytes } from 'node:crypto';
import { formatInvitation } from '@latchkey/protocol/wire';
import type { Config } from '../config/config.ts';
import { ServerError } from '../errors.ts';
import type { Db } from '../store/sqlite.ts';
import { invitationId } from '../login/tokens.ts';
import { print, printJson, type Command } from './command.ts';
import { withData } from './open-data.ts';

const days = 14;

/**
 * A line for one account, and its token, which is not written anywhere yet. It names whom the key log is witnessed by, so that
 * whoever registers with it does not have that from the server.
 */
export async function newInvitation(
  config: Config & { readonly data: string },
  db: Db,
): Promise<{ readonly token: string; readonly invitation: string }> {
  const origin = await db.selectFrom('setting').select('value').where('name', '=', 'origin').executeTakeFirst();
  if (origin === undefined) throw new ServerError('data_missing', 'start the server once before you invite');
  // WebAssembly of 400 kB, for this command alone.
  const [{ loginServer }, { openSecrets }] = await Promise.all([
    import('@latchkey/crypto/login-server'),
    import('../login/secrets.ts'),
  ]);
  const { loginSetup } = await openSecrets(config.data);
  const { publicKey } = await loginServer(loginSetup);
  // As the server said when it last started: this command may be given other settings.
  const told = await db.selectFrom('setting').select('value').where('name', '=', 'policy').executeTakeFirst();
  const policy = told === undefined ? 'none' : new Uint8Array(Buffer.from(told.value, 'base64url'));
  const token = randomBytes(16).toString('base64url');
  return { token, invitation: formatInvitation({ origin: origin.value, opaque: publicKey, policy, token }) };
}

export const invite: Command = {
  name: 'invite',
  operands: [],
  givesJson: true,
  summary: 'print an invitation for one account; it holds for 14 days',
  run: ({ read: { config }, json }) =>
    withData(config.data, async ({ db, write }) => {
      const { token, invitation } = await newInvitation(config, db);
      await write('addInvitation', { id: invitationId(token), days });
      if (json) printJson({ invitation, days });
      else print(invitation);
      return 0;
    }),
};
