import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileSource, type FileSource } from '@latchkey/host-node';
import type { DraftAttachment } from '@latchkey/sdk/mail';
import { CliError } from '../errors.ts';
import { quoted } from '../quoted.ts';
import { mediaTypeOf } from './media-type.ts';

export interface OpenAttachments {
  readonly attachments: readonly DraftAttachment[];
  close(): Promise<void>;
}

/** Opens every file before anything is sent. @throws CliError file_not_readable; HostError file_not_found, … */
export async function openAttachments(paths: readonly string[]): Promise<OpenAttachments> {
  const sources: FileSource[] = [];
  const close = async (): Promise<void> => {
    for (const source of sources) await source.close();
  };
  try {
    const attachments: DraftAttachment[] = [];
    for (const path of paths) {
      const source = await fileSource(path);
      sources.push(source);
      if (source.readAt === undefined || source.sizeBytes === null) throw notAFile(path);
      attachments.push({
        name: basename(path),
        type: mediaTypeOf(path),
        source,
        identity: await identityOf(path),
      });
    }
    return { attachments, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Of the file as it is now: nobody changes its content without changing one of these. */
async function identityOf(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}

function notAFile(path: string): CliError {
  return new CliError('file_not_readable', 'input_output', {
    message: `${quoted(path)} is no file that can be read again`,
    advice: 'Write it into a file first: sealing reads it twice, and again after a cut',
  });
}
