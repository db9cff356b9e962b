import { CliError, usageError } from './errors.ts';
import type { Invocation } from './invocation.ts';
import { quoted } from './quoted.ts';
import { readSmallFile } from './read-small-file.ts';

/** Stanzas of one header (docs/spec/01-item.md, limits). */
const mostRecipients = 1024;

/**
 * From -r and -R, in the order given; each once, however often it is named.
 * @throws CliError arguments_wrong, recipient_file_malformed, file_not_found, file_not_readable
 */
export async function readRecipients(invocation: Invocation): Promise<readonly string[]> {
  const given = invocation.values('recipient').map((word) => {
    const recipient = word.trim();
    if (!recipient.startsWith('age1')) {
      throw usageError(
        'What -r was given is no recipient',
        'A recipient begins with age1pq1 or age1; a file of recipients is given with -R',
      );
    }
    return recipient;
  });
  for (const path of invocation.values('recipients-file')) {
    given.push(...parseRecipientsFile(await readSmallFile(path, `recipients file ${quoted(path)}`), path));
  }
  const recipients = [...new Set(given)];
  if (recipients.length > mostRecipients) {
    throw usageError(
      `These are ${recipients.length} recipients, and a file has at most ${mostRecipients}`,
      'Seal the file several times, each time for some of them',
    );
  }
  return recipients;
}

/** One recipient a line; empty lines and lines that begin with '#' are passed over. */
export function parseRecipientsFile(text: string, path: string): readonly string[] {
  const found: string[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (!/^age1[0-9a-z]+$/.test(line)) {
      const secret = /^AGE-SECRET-KEY-/i.test(line);
      throw new CliError('recipient_file_malformed', 'damaged', {
        message: `Line ${index + 1} of ${quoted(path)} is ${secret ? 'an identity, not a recipient' : 'no recipient'}`,
        advice: secret
          ? "Give the recipient that 'latchkey keygen -y' prints for it"
          : 'Put one age1… recipient on each line',
      });
    }
    found.push(line);
  }
  if (found.length === 0) {
    throw new CliError('recipient_file_malformed', 'damaged', {
      message: `There is no recipient in ${quoted(path)}`,
      advice: 'Put one age1… recipient on each line',
    });
  }
  return found;
}
