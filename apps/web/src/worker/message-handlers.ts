/** Whole messages of the open account: read, sent, taken out. */
import { blobSource } from '@latchkey/host-web';
import { exportEml, read, resumeOutbox, send, type DraftAttachment } from '@latchkey/sdk/mail';
import type { RequestName } from './contract.ts';
import type { Handlers } from './desk.ts';
import { memorySink } from './memory-sink.ts';

type Names = Extract<RequestName, 'read' | 'send' | 'resumeOutbox' | 'exportEml'>;

export const messageHandlers: Handlers<Names> = {
  read: ({ client }, { id }, context) => read(client, id, context),

  async send({ account }, { composed, skipRefused = false, draft: _draft }, context) {
    const attachments = composed.attachments.map(({ name, type, file }) => attachmentOf(file, { name, type }));
    const sent = await send(account.client, { ...composed, attachments }, { ...context, skipRefused });
    account.changed();
    return sent;
  },

  async resumeOutbox({ account }, { files = [], undo = false }, context) {
    const results = await resumeOutbox(account.client, {
      ...context,
      undo,
      sourceFor: async ({ name, type, identity }) => {
        const file = files.find((each) => identityOf(each) === identity);
        return file === undefined ? null : attachmentOf(file, { name, type });
      },
    });
    account.changed();
    return results;
  },

  async exportEml({ client }, { id }, { signal }) {
    const sink = memorySink();
    await exportEml(client, id, { sink, signal });
    return sink.bytes();
  },
};

function attachmentOf(file: File, { name, type }: { readonly name: string; readonly type: string }): DraftAttachment {
  return {
    name,
    type: type === '' ? 'application/octet-stream' : type,
    source: blobSource(file),
    identity: identityOf(file),
  };
}

/** Changes when the file does, as far as a browser tells. */
function identityOf({ name, size, lastModified }: File): string {
  return `${name}\0${size}\0${lastModified}`;
}
