import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const path = join(import.meta.dirname, '../../../../vectors/age/identities.json');
const { accept } = JSON.parse(readFileSync(path, 'utf8')) as {
  readonly accept: readonly { readonly text: string; readonly recipient: string }[];
};
const pair = accept.find(({ recipient }) => recipient.startsWith('age1pq1'));
if (pair === undefined) throw new Error('the vectors have no hybrid recipient');

/** To whom reports are sealed in tests: of the vectors, so that this room needs no cryptography for them. */
export const abuseRecipient: string = pair.recipient;
/** What opens them. */
export const abuseIdentity: string = pair.text;
