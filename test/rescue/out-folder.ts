/** What a rescue has written, and what other people's mail software reads in it. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RecoveredFile {
  readonly name: string;
  readonly sha256: string;
}

export interface Recovered {
  /** Of the hold or arrival that it came from. */
  readonly place: string;
  readonly subject: string;
  readonly text: string;
  readonly from: string;
  readonly to: string;
  readonly cc: string;
  /** Sorted by name. */
  readonly attachments: readonly RecoveredFile[];
}

/** Python's `email` reads a message from standard input; nothing of ours does. */
const reader = `
import email, email.policy, json, sys
def read(path):
    with open(path, 'rb') as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    if message.defects: raise SystemExit(f'{path}: {message.defects}')
    return message
found = []
for folder in json.load(sys.stdin):
    message, signed = read(folder + '/message.eml'), read(folder + '/signed.eml')
    within = list(signed.iter_parts())[1].get_payload(0)
    if within['message-id'] != message['message-id']: raise SystemExit('signed.eml holds another message')
    body = message.get_body(('plain',)).get_content()
    found.append({ **{ name: message[name] or '' for name in ('subject', 'from', 'to', 'cc') }, 'text': body })
json.dump(found, sys.stdout)
`;

export function recovered(folder: string): readonly Recovered[] {
  const places = readdirSync(folder).toSorted();
  const input = JSON.stringify(places.map((place) => join(folder, place)));
  const read = JSON.parse(execFileSync('python3', ['-c', reader], { input, encoding: 'utf8' })) as Recovered[];
  return places.map((place, at) => ({ ...(read[at] as Recovered), place, attachments: filesOf(join(folder, place)) }));
}

function filesOf(place: string): readonly RecoveredFile[] {
  const folder = join(place, 'attachments');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .toSorted()
    .map((name) => ({ name, sha256: sha256(readFileSync(join(folder, name))) }));
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
