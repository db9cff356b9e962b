/** What a server shows of somebody's identity, unchecked but for its form. */
import type { CanonicalAddress } from '@latchkey/protocol';
import { limits, ROUTES } from '@latchkey/protocol/wire';
import { SdkError } from '../errors.ts';
import type { Wire } from '../ports.ts';

export interface Asked {
  readonly address: CanonicalAddress;
  readonly fromVersion: number;
}

export type Shown =
  | { readonly answer: 'unknown' }
  | { readonly answer: 'known'; readonly takes: 'mail' | 'nothing' | 'full'; readonly notes: readonly string[] };

/** Nobody replaces the own keys so often; a server that shows more is not to be listened to. */
const MAX_VERSIONS = 4_096;

/** In the order asked, with all notes from the version on. @throws SdkError `answer_malformed`; what the wire throws */
export async function fetchIdentities(wire: Wire, session: string, asked: readonly Asked[]): Promise<readonly Shown[]> {
  const shown: Shown[] = [];
  for (let at = 0; at < asked.length; at += limits.MAX_RESOLVED) {
    for (const answer of await fetchAll(wire, session, asked.slice(at, at + limits.MAX_RESOLVED))) shown.push(answer);
  }
  return shown;
}

interface Gathered {
  readonly asked: Asked;
  readonly notes: string[];
  answer: Shown | null;
}

/** Answers that were cut short are asked for again, from where they ended. */
async function fetchAll(wire: Wire, session: string, asked: readonly Asked[]): Promise<readonly Shown[]> {
  const gathered = asked.map((each): Gathered => ({ asked: each, notes: [], answer: null }));
  let open: readonly Gathered[] = gathered;
  while (open.length > 0) {
    const wanted = open.map(({ asked: { address, fromVersion }, notes }) => ({
      address,
      fromVersion: fromVersion + notes.length,
    }));
    const { answers } = await wire.call(ROUTES.directoryResolve, { wanted }, { rights: { session } });
    if (answers.length !== wanted.length) throw malformed('it answers another number of addresses');
    let gained = false;
    const cut: Gathered[] = [];
    for (const [index, each] of open.entries()) {
      const answer = answers[index];
      if (answer === undefined) throw malformed('it answers another number of addresses');
      if (answer.answer === 'unknown') {
        each.answer = answer;
        continue;
      }
      each.notes.push(...answer.notes);
      if (each.notes.length > MAX_VERSIONS) throw malformed('it shows more versions than anybody has');
      each.answer = { answer: 'known', takes: answer.takes, notes: each.notes };
      if (answer.more) cut.push(each);
      if (answer.notes.length > 0) gained = true;
    }
    if (cut.length > 0 && !gained) throw malformed('it says that there is more and does not give it');
    open = cut;
  }
  return gathered.map(({ answer }) => answer ?? { answer: 'unknown' });
}

function malformed(why: string): SdkError {
  return new SdkError('answer_malformed', `the directory's answer cannot be used: ${why}`);
}
