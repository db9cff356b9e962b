import { parseIdentityFile } from '@latchkey/sdk/by-hand';
import { quoted } from './quoted.ts';
import { readSmallFile } from './read-small-file.ts';

/**
 * The identities of one file.
 * @throws CliError file_is_sealed, file_not_found, file_not_readable; SdkError identity_file_malformed
 */
export async function readIdentities(path: string): Promise<readonly string[]> {
  return parseIdentityFile(await readSmallFile(path, `identity file ${quoted(path)}`));
}
