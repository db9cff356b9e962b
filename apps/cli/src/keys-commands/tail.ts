import { keyTail, type KeyCheck, type KeyTail, type TailedLeaf } from '@latchkey/sdk/client';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Invocation } from '../invocation.ts';
import { jsonLine } from '../json-line.ts';
import type { Reporter } from '../reporter.ts';
import { formatInstant } from '../terminal/format-time.ts';
import { watchProgress } from '../terminal/watch-progress.ts';
import { withAccount } from '../with-account.ts';

const pauseMs = 10_000;

/** The key log as it grows, until it is stopped; what does not hold ends it. */
export async function tail(invocation: Invocation): Promise<void> {
  const { report } = invocation;
  const isOnce = invocation.has('once');
  await withAccount(async (client, signal) => {
    const reader = keyTail(client);
    const first = await read(reader, { report, signal, isFirst: true });
    if (first.checked === 'nothing') {
      report.answer({ facts: { command: 'keys', tail: null }, text: 'This server has no key log.\n' });
      return;
    }
    if (isOnce) {
      report.answer({ facts: { command: 'keys', tail: factsOf(first) }, text: summary(first) });
      return;
    }
    report.say(report.json ? jsonLine({ read: factsOf(first) }) : summary(first));
    report.note('Reading on; stop with Ctrl-C');
    for (;;) {
      await sleep(pauseMs, undefined, { signal });
      await read(reader, { report, signal, isFirst: false });
    }
  }, looksItself);
}

const looksItself = { checksKeys: false } as const;

/** What was there before is told where a program asked for it; a person sees what comes, and what is their own. */
async function read(
  reader: KeyTail,
  { report, signal, isFirst }: { readonly report: Reporter; readonly signal: AbortSignal; readonly isFirst: boolean },
): Promise<KeyCheck> {
  const bar = watchProgress(report, { verb: 'Reading the key log', outputOnTerminal: !isFirst });
  const isLined = report.json && !isFirst;
  try {
    return await reader.check({
      effort: 'thorough',
      always: true,
      signal,
      onLeaf: (leaf) => {
        if (isLined) report.say(jsonLine({ leaf }));
        else if (!report.json && !isFirst) report.say(leafText(leaf));
      },
      onHead: (head) => {
        if (isLined) report.say(jsonLine({ head }));
        else if (!report.json && !isFirst) report.say(`head ${head.position}: its map is what the leaves give\n`);
      },
      onProgress: (done, total) => bar.show({ doneBytes: done * leafBytes, totalBytes: total * leafBytes }),
    });
  } finally {
    bar.end();
  }
}

const leafBytes = 66;

function leafText({ position, flag, isOwn }: TailedLeaf): string {
  return `leaf ${position}: ${flag}${isOwn ? ', yours' : ''}, at ${formatInstant(Date.now() / 1_000)}\n`;
}

function factsOf({ report }: KeyCheck): Readonly<Record<string, unknown>> {
  return { ...report };
}

function summary({ report }: KeyCheck): string {
  if (report === null) return '';
  const { leaves, heads, own } = report;
  const replayed =
    heads === null
      ? 'Too long to replay here: the maps of its heads were not compared'
      : `Heads ${heads.first} to ${heads.read - 1}: the map of each is what a replay of the leaves gives`;
  return [
    `${leaves.read} leaves read, of ${leaves.of}.`,
    `${replayed}.`,
    `Yours: ${own.length === 0 ? 'none' : own.map((position) => `leaf ${position}`).join(', ')}; your vault knows all of them.`,
    '',
  ].join('\n');
}
