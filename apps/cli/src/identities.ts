import { parseIdentityFile } from '@latchkey/sdk/by-hand';
import { CliError } from './errors.ts';
import { quoted } from './quoted.ts';
import { readSmallFile } from './read-small-file.ts';

/**
 * The identities of one file.
 * @throws CliError identity_file_sealed, file_not_found, file_not_readable; SdkError identity_file_malformed
 */
export async function readIdentities(path: string): Promise<readonly string[]> {
  const text = await readSmallFile(path, `identity file ${quoted(path)}`);
  if (/^(age-encryption\.org\/|-----BEGIN AGE ENCRYPTED FILE-----)/.test(text)) {
    throw new CliError('identity_file_sealed', 'usage', {
      message: `The identity file ${quoted(path)} is itself sealed`,
      advice: `Open it into this command: latchkey open ${quoted(path)} | latchkey open -i - FILE`,
    });
  }
  return parseIdentityFile(text);
}
