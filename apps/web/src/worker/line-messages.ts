/** What crosses between page and worker. */
import type { TransferProgress } from '@latchkey/sdk/mail';
import type { Failure, News, RequestName } from './contract.ts';

export type ToWorker =
  | { readonly id: number; readonly name: RequestName; readonly ask: unknown }
  | { readonly id: number; readonly stop: true }
  /** The owner did something with this page. */
  | { readonly used: true }
  /** A request of the service worker for an item's bytes. */
  | { readonly item: string; readonly port: MessagePort };

export type ToPage =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly failure: Failure }
  | { readonly id: number; readonly progress: TransferProgress }
  | { readonly news: News }
  /** A login worker is wanted, which is asked on the first port; both sides may say on the second that it is over. */
  | { readonly login: MessagePort; readonly end: MessagePort };
