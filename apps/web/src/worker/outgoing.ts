/** What is on its way out of this account: carried by one tab at a time, gone on with after a reload, taken back. */
import type { WebHost } from '@latchkey/host-web';
import { RefusedError, SdkError, type Client } from '@latchkey/sdk/client';
import {
  listOutbox,
  resumeOutbox,
  send,
  takeBack,
  wasSent,
  type Sent,
  type TransferProgress,
} from '@latchkey/sdk/mail';
import { draftAttachment, identityOf } from './draft-attachment.ts';
import { Carrying } from './carrying.ts';
import type { Composed, OutgoingMessage } from './contract.ts';
import { failureOf } from './failure-of.ts';
import { OutgoingNotes } from './outgoing-notes.ts';

export interface SendWishes {
  readonly skipRefused?: boolean;
  readonly draft?: string;
  readonly holdMs?: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TransferProgress) => void;
}

export interface OutgoingHost {
  readonly host: WebHost;
  readonly client: Client;
  /** The lists changed. */
  changed(): void;
  tell(messages: readonly OutgoingMessage[]): void;
}

/** What goes on by itself can be taken back as long as what was just sent. */
const HOLD_AGAIN_MS = 6_000;

export class Outgoing {
  readonly #at: OutgoingHost;
  readonly #notes: OutgoingNotes;
  /** By outbox id: what this tab has in hand. */
  readonly #carried = new Map<string, Carrying>();
  /** Those that this tab put aside, or tried. */
  readonly #waiting = new Map<string, Pick<OutgoingMessage, 'state' | 'needs' | 'problem'>>();
  /** Files of this page, for going on after a pause. */
  readonly #files = new Map<string, readonly File[]>();
  #isClosed = false;

  constructor(at: OutgoingHost) {
    this.#at = at;
    this.#notes = new OutgoingNotes(at.host.files);
  }

  async send(composed: Composed, { draft, holdMs = 0, signal, onProgress, ...rest }: SendWishes): Promise<Sent | null> {
    const carrying = new Carrying({ holdMs, changed: () => void this.tell() });
    signal.addEventListener('abort', () => carrying.stop(), { once: true });
    const attachments = composed.attachments.map((each) => draftAttachment(each.file, each));
    return this.#carry(carrying, () =>
      send(
        this.#at.client,
        { ...composed, attachments },
        {
          ...rest,
          ...carrying.options,
          onProgress: (progress) => {
            carrying.reached(progress);
            onProgress(progress);
          },
          onKept: async (id) => {
            this.#files.set(
              id,
              composed.attachments.map(({ file }) => file),
            );
            await this.#notes.keep(id, { draft: draft ?? null });
            await this.#take(id, carrying);
          },
        },
      ),
    );
  }

  async list(): Promise<readonly OutgoingMessage[]> {
    const onTheirWay = await listOutbox(this.#at.client);
    return onTheirWay.map(({ id, subject, to }) => ({
      id,
      subject,
      to,
      ...(this.#carried.get(id)?.state ?? {
        progress: null,
        heldUntilMs: null,
        ...(this.#waiting.get(id) ?? { state: 'elsewhere', needs: [], problem: null }),
      }),
    }));
  }

  /** What this browser began, when no tab has it in hand: after a reload, a crash, a night. */
  async goOnByItself(): Promise<void> {
    const onTheirWay = new Set((await listOutbox(this.#at.client)).map(({ id }) => id));
    for (const id of await this.#notes.ids()) {
      if (!onTheirWay.has(id)) await this.#end(id);
      else await this.goOn(id, undefined, HOLD_AGAIN_MS).catch(() => undefined);
    }
  }

  /** @returns null where it has to wait, or another tab has it */
  async goOn(id: string, files?: readonly File[], holdMs = 0): Promise<Sent | null> {
    if (this.#carried.has(id)) return null;
    const known = [...(this.#files.get(id) ?? []), ...(files ?? [])];
    this.#files.set(id, known);
    const carrying = new Carrying({ holdMs, changed: () => void this.tell() });
    if (!(await this.#take(id, carrying))) return null;
    const needs: { name: string; sizeBytes: number }[] = [];
    return this.#carry(carrying, async () => {
      const [result] = await resumeOutbox(this.#at.client, {
        ...carrying.options,
        onProgress: (progress) => carrying.reached(progress),
        only: (each) => each === id,
        sourceFor: async ({ identity, name, type, sizeBytes }) => {
          const file = known.find((each) => identityOf(each) === identity);
          if (file === undefined) needs.push({ name, sizeBytes });
          return file === undefined ? null : draftAttachment(file, { name, type });
        },
      });
      if (result?.outcome === 'waiting')
        this.#waiting.set(id, { state: 'waiting', needs, problem: result.problem?.code ?? null });
      return result?.sent ?? null;
    });
  }

  pause(id: string): void {
    this.#carried.get(id)?.stop();
  }

  sendNow(id: string): void {
    this.#carried.get(id)?.endHold();
  }

  async takeBack(id: string): Promise<'taken_back' | 'too_late'> {
    const outcome = await takeBack(this.#at.client, id);
    if (outcome === 'taken_back') {
      this.#carried.get(id)?.stop();
      await this.#end(id);
    }
    this.#at.changed();
    await this.tell();
    return outcome;
  }

  /** At the lock: what is under way stays in the outbox. */
  close(): void {
    this.#isClosed = true;
    for (const carrying of this.#carried.values()) carrying.stop();
  }

  async tell(): Promise<void> {
    this.#at.tell(await this.list().catch(() => []));
  }

  async #carry(carrying: Carrying, work: () => Promise<Sent | null>): Promise<Sent | null> {
    try {
      return await work();
    } catch (error) {
      const { id } = carrying;
      // Locked meanwhile: it goes on when the account is open again.
      if (id !== null && this.#isClosed) return null;
      // Whoever is not yet in the outbox is told at once; from then on it is a message that waits.
      if (id === null || !isForLater(error)) throw error;
      const problem = carrying.isStopped ? null : failureOf(error).code;
      this.#waiting.set(id, { state: carrying.isStopped ? 'paused' : 'waiting', needs: [], problem });
      return null;
    } finally {
      const { id } = carrying;
      carrying.end();
      if (!this.#isClosed) await this.#putDown(id);
    }
  }

  async #putDown(id: string | null): Promise<void> {
    if (id !== null) {
      this.#carried.delete(id);
      const { client } = this.#at;
      if (!(await listOutbox(client)).some((each) => each.id === id)) await this.#end(id);
    }
    this.#at.changed();
    await this.tell();
  }

  /** One tab carries a message, and only one. */
  #take(id: string, carrying: Carrying): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const name = `latchkey/${this.#at.host.slot}/outgoing/${id}`;
      navigator.locks
        .request(name, { ifAvailable: true }, async (lock) => {
          if (lock === null) return resolve(false);
          carrying.begin(id);
          this.#carried.set(id, carrying);
          this.#waiting.delete(id);
          resolve(true);
          await carrying.ended;
        })
        .catch(reject);
    });
  }

  /** It is not on its way any more: sent, or taken back, here or elsewhere. */
  async #end(id: string): Promise<void> {
    this.#waiting.delete(id);
    this.#files.delete(id);
    await this.#notes.end(id, { isSent: await wasSent(this.#at.client, id) });
  }
}

function isForLater(error: unknown): boolean {
  if (error instanceof RefusedError) return true;
  return error instanceof SdkError && ['stopped', 'outbox_taken', 'server_unreachable'].includes(error.code);
}
