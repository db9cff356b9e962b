import { ServerError } from '../errors.ts';
import { openHandoverKey } from '../handover/handover-key.ts';
import { print, printJson, type Command } from './command.ts';
import { withData } from './open-data.ts';

export const keys: Command = {
  name: 'keys',
  operands: [],
  givesJson: true,
  summary: 'print the public keys of this server: for logins, and under what it hands over',
  run: ({ read: { config }, json }) =>
    withData(config.data, async ({ db }) => {
      const origin = await db.selectFrom('setting').select('value').where('name', '=', 'origin').executeTakeFirst();
      if (origin === undefined) throw new ServerError('data_missing', 'start the server once: it fixes the origin');
      const [{ loginServer }, { openSecrets }] = await Promise.all([
        import('@latchkey/crypto/login-server'),
        import('../login/secrets.ts'),
      ]);
      const { publicKey } = await loginServer((await openSecrets(config.data)).loginSetup);
      const { verifierKeys: handover } = openHandoverKey(config.data, origin.value);
      if (json) printJson({ opaque: publicKey, handover });
      else {
        print(`opaque\t${publicKey}`);
        for (const key of handover) print(`handover\t${key}`);
      }
      return 0;
    }),
};
