import { readFileSync } from 'node:fs';
import { ServerError } from '../errors.ts';
import { print, printJson, type Command } from './command.ts';

export const restore: Command = {
  name: 'restore',
  operands: ['BACKUP'],
  takes: ['secrets'],
  givesJson: true,
  summary: 'make the data folder --data DIR out of a backup; --secrets FILE is its secrets.age, opened',
  async run({ read: { config }, operands: [path = ''], secrets, json }) {
    if (secrets === null) {
      throw new ServerError(
        'argument_invalid',
        `restore needs --secrets FILE: "latchkey open -i backup.key -o secrets.json ${path}/secrets.age" makes it`,
      );
    }
    const { restoreBackup } = await import('../backup/restore-backup.ts');
    const secretsText = readFileSync(secrets === '-' ? 0 : secrets, 'utf8');
    const facts = await restoreBackup({ backup: path, dataDir: config.data, secretsText, nowMs: Date.now() });
    const backedUp = new Date(facts.hour * 3_600_000).toISOString().slice(0, 13);
    if (json) printJson({ data: config.data, facts });
    else {
      print(`${config.data} is as it was at ${backedUp}Z: ${facts.accounts} accounts, ${facts.blobs} blobs.
What came after is not in it. People's devices notice, say so, and give back what they have ("latchkey heal").
The key log stays closed until "latchkey-server start" has asked its witnesses what it had signed since.
Delete the opened secrets now.`);
    }
    return 0;
  },
};
