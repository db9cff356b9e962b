/** A process of its own that sends one message with one file, and tells its parent each step. It is meant to be killed. */
import { openClient } from '../src/client/index.ts';
import { send } from '../src/mail/index.ts';
import { folderProfile } from './folder-profile.ts';
import { fileAttachment } from './file-attachment.ts';
import { draft } from './mail-people.ts';
import { testHost } from './test-host.ts';

const [folder = '', file = '', subject = ''] = process.argv.slice(2);
const client = await openClient(testHost({ profile: await folderProfile(folder) }));
await send(
  client,
  draft({ to: ['bob@localhost'], subject, text: 'x', attachments: file === '' ? [] : [await fileAttachment(file)] }),
  { onProgress: ({ step, doneBytes }) => process.send?.({ step, doneBytes }) },
);
process.send?.({ step: 'sent', doneBytes: 0 });
process.disconnect();
