import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { fileSource, type FileSource } from '@latchkey/host-node';
import type { DraftAttachment, ResumeOptions } from '@latchkey/sdk/mail';
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

/**
 * Where the file is, and what nobody can change its content without changing. Kept sealed in the outbox: a command
 * that was cut short is gone on with by another one.
 */
async function identityOf(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return `${[dev, ino, size, mtimeNs, ctimeNs].join(':')} ${resolve(path)}`;
}

/** Opens the files of a message that was cut short again; close them when it is done. */
export function reopenAttachments(): { readonly sourceFor: SourceFor; close(): Promise<void> } {
  const opened: OpenAttachments[] = [];
  return {
    async sourceFor({ identity, name, type }) {
      const path = identity.slice(identity.indexOf(' ') + 1);
      const files = await openAttachments([path]).catch(() => null);
      if (files === null) return null;
      opened.push(files);
      const [attachment] = files.attachments;
      return attachment === undefined ? null : { ...attachment, name, type };
    },
    async close() {
      for (const files of opened) await files.close();
    },
  };
}

type SourceFor = NonNullable<ResumeOptions['sourceFor']>;

function notAFile(path: string): CliError {
  return new CliError('file_not_readable', 'input_output', {
    message: `${quoted(path)} is no file that can be read again`,
    advice: 'Write it into a file first: sealing reads it twice, and again after a cut',
  });
}
