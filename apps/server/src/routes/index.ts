import type { Handlers } from '../http/call.ts';
import { accountHandlers } from './account.ts';
import { blobHandlers } from './blobs.ts';
import { directoryHandlers } from './directory.ts';
import { eventHandlers } from './events.ts';
import { keyLogHandlers } from './key-log.ts';
import { loginHandlers } from './login.ts';
import { mailHandlers } from './mail.ts';
import { metaHandlers } from './meta.ts';
import { registerHandlers } from './register.ts';
import { reportHandlers } from './reports.ts';
import { spaceHandlers } from './spaces.ts';

/** One handler for each row of the route table; the type holds them complete. */
export const HANDLERS: Handlers = {
  ...metaHandlers,
  ...registerHandlers,
  ...loginHandlers,
  ...accountHandlers,
  ...directoryHandlers,
  ...keyLogHandlers,
  ...mailHandlers,
  ...blobHandlers,
  ...spaceHandlers,
  ...eventHandlers,
  ...reportHandlers,
};
