import { randomBytes } from 'node:crypto';
import { formatInvitation } from '@latchkey/protocol/wire';
import { ServerError } from '../errors.ts';
import { invitationId } from '../login/tokens.ts';
import { print, printJson, type Command } from './command.ts';
import { withData } from './open-data.ts';

const days = 14;

export const invite: Command = {
  name: 'invite',
  operands: [],
  givesJson: true,
  summary: 'print an invitation for one account; it holds for 14 days',
  run: ({ read: { config }, json }) =>
    withData(config.data, async ({ db, write }) => {
      const origin = await db.selectFrom('setting').select('value').where('name', '=', 'origin').executeTakeFirst();
      if (origin === undefined) throw new ServerError('data_missing', 'start the server once before you invite');
      // WebAssembly of 400 kB, for this command alone.
      const [{ loginServer }, { openSecrets }] = await Promise.all([
        import('@latchkey/crypto/login-server'),
        import('../login/secrets.ts'),
      ]);
      const { loginSetup } = await openSecrets(config.data);
      const { publicKey } = await loginServer(loginSetup);
      const token = randomBytes(16).toString('base64url');
      await write('addInvitation', { id: invitationId(token), days });
      const invitation = formatInvitation({ origin: origin.value, opaque: publicKey, policy: 'none', token });
      if (json) printJson({ invitation, days });
      else print(invitation);
      return 0;
    }),
};
