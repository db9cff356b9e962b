import { ContactCardError, takeContactCard, type ContactCardReason } from '@latchkey/sdk/client';
import { CliError, usageError } from '../errors.ts';
import type { ExitName } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { quoted } from '../quoted.ts';
import { readSmallFile } from '../read-small-file.ts';
import { formatInstant } from '../terminal/format-time.ts';
import { withAccount } from '../with-account.ts';

const newCard = "Ask them for a new one: 'latchkey keys card'";
const compare = "Compare words with them in a call: 'latchkey keys verify'";

const refusals: Readonly<Record<ContactCardReason, readonly [exit: ExitName, advice: string]>> = {
  malformed: ['damaged', newCard],
  origin_differs: ['usage', 'It can be used only by accounts of its own server'],
  policy_differs: [
    'distrust',
    "Compare what both of you trust ('latchkey keys policy'): one may have added a witness that the other has not",
  ],
  proof_wrong: ['distrust', 'Do not use it. Ask them where you got it from, in another way, and for a new one'],
  log_differs: [
    'distrust',
    'Do not write to them. Keep the card: it shows that the server tells people different things; ask the operator in another way',
  ],
  identity_replaced: ['distrust', `${newCard}. ${compare}`],
  identity_unknown: ['distrust', `Nothing was pinned. ${compare}`],
  own_card: ['usage', 'Give it to others'],
  log_missing: ['server', 'Try again in a while; a server without a key log has no cards'],
};

/** A contact card that was given: verified, and pinned. */
export async function add({ report }: Invocation, path: string | undefined): Promise<void> {
  if (path === undefined) throw usageError('Say which card', "Give it: latchkey keys add FILE ('-' is standard input)");
  const text = await readSmallFile(path, `contact card ${quoted(path)}`);
  const isFile = text.trimStart().startsWith('{');
  await withAccount(async (client) => {
    const taken = await takeContactCard(client, isFile ? Buffer.from(text) : text).catch(explained);
    const { address, version, proofSeconds } = taken;
    const identity = Buffer.from(taken.identity).toString('hex');
    const proof =
      proofSeconds === null
        ? 'The line names these keys, and the key log has them now.'
        : `The card proves that the key log had these keys on ${formatInstant(proofSeconds)}, that log is the one that you see, and it has them now.`;
    report.answer({
      facts: {
        command: 'keys',
        address,
        version,
        identity,
        proved: proofSeconds === null ? null : formatInstant(proofSeconds),
      },
      text: [
        `${address} has these keys, by their own card:`,
        `Keys      version ${version}, ${identity}`,
        proof,
        '',
      ].join('\n'),
    });
  });
}

function explained(error: unknown): never {
  if (!(error instanceof ContactCardError)) throw error;
  const [exit, advice] = refusals[error.reason];
  const reason = error.refused === null ? error.reason : `${error.reason}: ${error.refused}`;
  const message = `${error.message.slice(0, 1).toUpperCase()}${error.message.slice(1)} (${reason})`;
  throw new CliError('contact_card_refused', exit, { message, advice });
}
