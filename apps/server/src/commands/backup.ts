import { CryptoError } from '@latchkey/crypto/seal-only';
import { ServerError } from '../errors.ts';
import { print, printJson, type Command } from './command.ts';

export const backup: Command = {
  name: 'backup',
  operands: [],
  takes: ['out'],
  givesJson: true,
  summary: 'write everything to the new folder --out DIR, beside a running server; its own secrets sealed to you',
  async run({ read: { config }, out, json, version }) {
    if (out === null) throw new ServerError('argument_invalid', 'backup needs --out DIR');
    const recipient = config.backupRecipient;
    if (recipient === null) {
      throw new ServerError(
        'recipient_missing',
        'the server’s own secrets are sealed to you: make a key elsewhere with "latchkey keygen -o backup.key", and give its age1pq1… as --backup-recipient',
      );
    }
    const { writeBackup } = await import('../backup/write-backup.ts');
    const done = await writeBackup({ dataDir: config.data, out, recipient, version, nowMs: Date.now() }).catch(
      (error: unknown) => {
        if (error instanceof CryptoError) throw new ServerError('argument_invalid', error.message, { cause: error });
        throw error;
      },
    );
    const { facts, manifest, missing } = done;
    const { files, bytes } = manifest;
    if (json) printJson({ out, files, bytes, facts, missing });
    else {
      print(`${files} files, ${bytes} bytes in ${out}: ${facts.accounts} accounts, ${facts.blobs} blobs.
secrets.age opens with your identity alone; the rest is what the disk of this server shows.`);
      for (const name of missing) print(`missing: the file of blob ${name}`);
    }
    return missing.length === 0 ? 0 : 1;
  },
};
