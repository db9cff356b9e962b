/** The crypto worker of one tab: the only place in the page where keys are. */
import { Desk } from './desk.ts';
import { lockIfIdle } from './idle-lock.ts';
import type { ToPage, ToWorker } from './line-messages.ts';
import { loginWorkerByPage } from './login-worker-by-page.ts';
import { serve } from './serve.ts';

const LOOK_IF_IDLE_MS = 20_000;

const post = (message: ToPage, transfer: Transferable[] = []): void => globalThis.postMessage(message, { transfer });
const desk = new Desk(
  () => loginWorkerByPage(post),
  (news) => post({ news }),
);
const take = serve(desk, post);

globalThis.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => take(data));

setInterval(() => {
  if (!desk.isOpen) return;
  void closeIfIdle();
}, LOOK_IF_IDLE_MS);

async function closeIfIdle(): Promise<void> {
  try {
    if (await lockIfIdle(desk.account.host)) desk.close('idle');
  } catch {
    // The storage is busy, or another tab locked it already: that one tells.
  }
}
