/** What the system shows of new mail while nobody looks at the page. Chosen for this browser; nothing unless asked for. */
import { text } from '../messages/text.ts';
import type { MessageRow, News } from '../worker/contract.ts';
import { workerLine } from './line.ts';

/** `arrival`: that there is mail, and no more. `sender`: from whom, where that is proved. Subjects are never shown. */
export const TELLS = ['nothing', 'arrival', 'sender'] as const;
export type Tells = (typeof TELLS)[number];

const KEPT_AS = 'latchkey.tells';
/** One at a time: a newer one takes the place, also of those of other tabs. */
const TAG = 'latchkey-mail';

class Notifications {
  tells: Tells = $state('nothing');
  /** The browser or its owner said no. */
  refused: boolean = $state(false);

  /** @returns what ends it */
  begin(): () => void {
    const kept = localStorage.getItem(KEPT_AS);
    this.tells = TELLS.find((each) => each === kept) ?? 'nothing';
    return workerLine().listen((news) => this.#hear(news));
  }

  /** Asks the browser where that was never done; call it from a click. */
  async choose(tells: Tells): Promise<void> {
    this.refused = tells !== 'nothing' && (await permission()) !== 'granted';
    this.tells = this.refused ? 'nothing' : tells;
    localStorage.setItem(KEPT_AS, this.tells);
  }

  #hear(news: News): void {
    if (news.news !== 'mail' || this.tells === 'nothing' || document.hasFocus()) return;
    const newest = news.rows.at(-1);
    if (newest !== undefined) void show(this.#words(newest));
  }

  #words(row: MessageRow): string {
    return this.tells === 'sender' && row.verified ? text.mail.arrived(row.summary.from) : text.mail.newMail;
  }
}

async function permission(): Promise<NotificationPermission> {
  if (!('Notification' in globalThis)) return 'denied';
  return Notification.permission === 'default' ? Notification.requestPermission() : Notification.permission;
}

async function show(body: string): Promise<void> {
  const options = { body, tag: TAG, icon: `${import.meta.env.BASE_URL}icon.svg` };
  try {
    const shown = new Notification(text.common.appName, options);
    shown.addEventListener('click', () => {
      globalThis.focus();
      shown.close();
    });
  } catch {
    // Phones show them only through the service worker.
    const worker = await navigator.serviceWorker?.getRegistration();
    await worker?.showNotification(text.common.appName, options);
  }
}

export const notifications: Notifications = new Notifications();
