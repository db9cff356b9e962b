import { parseIdentityFile } from '@latchkey/sdk/by-hand';
import { CliError } from './errors.ts';
import { quoted } from './quoted.ts';
import { readSmallFile } from './read-small-file.ts';

/**
 * The identities of one file.
 * @throws CliError identity_malformed, file_is_sealed, file_not_found, file_not_readable
 */
export async function readIdentities(path: string): Promise<readonly string[]> {
  const text = await readSmallFile(path, `identity file ${quoted(path)}`);
  try {
    return parseIdentityFile(text);
  } catch (error) {
    // It names the line and never what stands there.
    if (!(error instanceof Error && 'code' in error && error.code === 'identity_malformed')) throw error;
    throw new CliError('identity_malformed', 'damaged', {
      message: `${quoted(path)}: ${error.message}`,
      advice: "Check that it is the file that 'latchkey keygen -o' wrote",
    });
  }
}
