import type { Config } from '../config/config.ts';
import { ServerError } from '../errors.ts';
import { openHandoverKey } from '../handover/handover-key.ts';
import { openLogSecrets } from '../key-log/log-secrets.ts';
import { logSigner, verifierLines } from '../key-log/log-signer.ts';
import { countLeaves } from '../key-log/read-heads.ts';
import { print, printJson, type Command } from './command.ts';
import { withData } from './open-data.ts';

export const keys: Command = {
  name: 'keys',
  operands: [],
  givesJson: true,
  summary: 'print the public keys of this server: for logins, of the key log, and under what it hands over',
  run: ({ read: { config }, json }) =>
    withData(config.data, async ({ db }) => {
      const origin = await db.selectFrom('setting').select('value').where('name', '=', 'origin').executeTakeFirst();
      if (origin === undefined) throw new ServerError('data_missing', 'start the server once: it fixes the origin');
      const log = logLines(config, origin.value, (await countLeaves(db)) === 0);
      const [{ loginServer }, { openSecrets }] = await Promise.all([
        import('@latchkey/crypto/login-server'),
        import('../login/secrets.ts'),
      ]);
      const { publicKey } = await loginServer((await openSecrets(config.data)).loginSetup);
      const { verifierKeys: handover } = openHandoverKey(config.data, origin.value);
      if (json) printJson({ opaque: publicKey, handover, log });
      else {
        print(`opaque\t${publicKey}`);
        for (const key of handover) print(`handover\t${key}`);
        for (const line of log) print(`log\t${line}`);
      }
      return 0;
    }),
};

/** What a witness needs: keys of both logs, and where they are. */
function logLines({ domain, data }: Config & { readonly data: string }, origin: string, isNew: boolean): string[] {
  const signer = logSigner(domain, openLogSecrets(data, isNew));
  return (['keys', 'index'] as const).flatMap((log) =>
    verifierLines(signer[log]).map((key) => `${key} ${origin}/kt/${log}`),
  );
}
