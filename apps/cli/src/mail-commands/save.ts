import { mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileSink } from '@latchkey/host-node';
import { saveAttachments, type SinkFor } from '@latchkey/sdk/mail';
import type { Invocation } from '../invocation.ts';
import { watchTransfer } from '../terminal/watch-transfer.ts';
import { withAccount } from '../with-account.ts';
import { foundId } from './read.ts';
import { safeFileName } from './safe-file-name.ts';

export async function save(invocation: Invocation): Promise<void> {
  const { report, operand: wanted = '' } = invocation;
  const folder = invocation.value('dir') ?? '.';
  const replace = invocation.has('force');
  await withAccount(async (client, signal) => {
    const id = await foundId(client, wanted, signal);
    const bar = watchTransfer(report, { outputOnTerminal: false });
    const saved: string[] = [];
    try {
      await mkdir(folder, { recursive: true });
      const sinkFor: SinkFor = async ({ name }, index) => {
        const path = freePath(folder, safeFileName(name, index), { replace, taken: saved });
        saved.push(path);
        return fileSink(path, { replace });
      };
      await saveAttachments(client, id, { sinkFor, signal, onProgress: bar.show });
    } finally {
      bar.end();
    }
    report.answer({
      facts: { command: 'save', id, files: saved },
      text: saved.length === 0 ? 'There is nothing attached.\n' : saved.map((path) => `${path}\n`).join(''),
    });
  });
}

/** `photo.jpg`, or `photo (2).jpg` where that name is taken. */
function freePath(folder: string, name: string, at: { replace: boolean; taken: readonly string[] }): string {
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  for (let number = 1; ; number += 1) {
    const path = join(folder, number === 1 ? name : `${stem} (${number})${ending}`);
    if (!at.taken.includes(path) && (at.replace || !existsSync(path))) return path;
  }
}
