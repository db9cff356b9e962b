import { ServerError } from '../errors.ts';
import { print, printJson, type Command } from './command.ts';
import { typedAddress } from './accounts.ts';
import { withData } from './open-data.ts';

/** What a demand gets: everything that is kept about an account, signed, with what follows from rows side by side. */
export const handover: Command = {
  name: 'handover',
  operands: ['ADDRESS'],
  takes: ['out'],
  givesJson: true,
  summary: 'write everything that is kept about an account to --out DIR, signed',
  async run({ read: { config }, operands, out, json }) {
    if (out === null) throw new ServerError('argument_invalid', 'handover needs --out DIR');
    const address = typedAddress(operands[0] ?? '');
    // Brings an older schema up to date, like every command that reads the data.
    await withData(config.data, async () => undefined);
    const { writeHandover } = await import('../handover/write-handover.ts');
    const { manifest, shared, missing, verifierKeys } = await writeHandover({
      address,
      dataDir: config.data,
      out,
      nowMs: Date.now(),
    });
    const others = [...new Set(shared.map((each) => each.address))];
    const { files, bytes } = manifest;
    const sha256 = Buffer.from(manifest.hash).toString('hex');
    if (json) printJson({ address, out, files, bytes, sha256, verifierKeys, sharesWith: others, missing });
    else printHandover({ address, out, files, bytes, sha256, verifierKeys, sharesWith: others, missing });
    return missing.length === 0 ? 0 : 1;
  },
};

interface Printed {
  readonly address: string;
  readonly out: string;
  readonly files: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly verifierKeys: readonly string[];
  readonly sharesWith: readonly string[];
  readonly missing: readonly string[];
}

function printHandover({ address, out, files, bytes, sha256, verifierKeys, sharesWith, missing }: Printed): void {
  print(`${files} files, ${bytes} bytes in ${out}: everything kept about ${address}.
What the owner sealed stays sealed: it opens with the owner's keys, and only the owner has them.
SHA256SUMS has SHA-256 ${sha256}; HANDOVER.note signs it with
${verifierKeys.map((key) => `  ${key.slice(0, 120)}${key.length > 120 ? '…' : ''}`).join('\n')}`);
  if (sharesWith.length === 0) print('No other account has a blob in common with it.');
  else {
    print('Accounts that have a blob in common with it, and so can be seen to share something (joins.json):');
    for (const other of sharesWith) print(`  ${other}`);
  }
  for (const name of missing) print(`missing: ${name}`);
}
