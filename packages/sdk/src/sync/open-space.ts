/** A space of one member (docs/spec/07-spaces.md): this file is its main flow. */
import { ROUTES } from '@latchkey/protocol/wire';
import { hex } from '@scure/base';
import { SdkError } from '../errors.ts';
import type { Wire } from '../ports.ts';
import { asideRecords, beginAgain, findSetback, forgetAside } from './begin-again.ts';
import { catchUpSpace, NEW_MARK } from './catch-up.ts';
import type { FetchedChange } from './fetch-changes.ts';
import { encodeHead } from './head.ts';
import { LogTree, rootOf } from './log-tree.ts';
import { moveTip } from './marks.ts';
import { newestStateOf } from './newest-state.ts';
import { sealVersion } from './next-writes.ts';
import { encodeRecordBody, parseRecordBody } from './record-body.ts';
import { tipsOf } from './note-heads.ts';
import { openSeen } from './seen-file.ts';
import { callSpace, type SpaceContext, type SpaceHost } from './space-context.ts';
import { SpaceKeys } from './space-keys.ts';
import { openCached } from './take-changes.ts';
import type {
  AsideRecord,
  CaughtUp,
  ChangesWatch,
  LogTip,
  NewestState,
  NotedTip,
  OpenedRecord,
  RecordBody,
  RecordEdit,
  SealAgain,
  Setback,
  Space,
  SpaceKeyring,
} from './types.ts';
import { beginWrite, nextHead, type WriteProgress, writeRecords } from './write-records.ts';

export interface OpenSpaceOptions {
  readonly wire: Wire;
  /** The session's token. */
  readonly session: string;
  readonly keyring: SpaceKeyring;
  /** 16 bytes: this device's record in the vault. */
  readonly device: Uint8Array;
  /** Where given, the space is created on the server; repeating that changes nothing. */
  readonly kind?: 'vault' | 'mailbox' | 'other';
}

/** @throws what the wire throws, where the space is to be created */
export async function openSpace(host: SpaceHost, options: OpenSpaceOptions): Promise<Space> {
  const { wire, session, keyring, device, kind } = options;
  const { space } = keyring;
  if (kind !== undefined) await callSpace({ wire, session }, ROUTES.spacesCreate, { space, kind });
  const keys = new SpaceKeys(host.engine, keyring);
  return new OneMemberSpace({
    host,
    engine: host.engine,
    seen: openSeen(host.profile),
    wire,
    session,
    keys,
    space,
    device,
  });
}

class OneMemberSpace implements Space {
  readonly id: Uint8Array;
  readonly #context: SpaceContext;
  /** Changed by others, and not yet told by `catchUp`. */
  readonly #untold = new Map<string, Uint8Array>();
  readonly #watches = new Set<Map<string, Uint8Array>>();
  readonly #writes = new WeakMap<readonly (RecordEdit | SealAgain)[], WriteProgress>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(context: SpaceContext) {
    this.id = context.space;
    this.#context = context;
  }

  async catchUp(expected: readonly NotedTip[] = []): Promise<CaughtUp> {
    return this.#inOrder(() => this.#catchUp(expected));
  }

  watchChanges(): ChangesWatch {
    const untaken = new Map<string, Uint8Array>();
    this.#watches.add(untaken);
    return {
      take() {
        const taken = [...untaken.values()];
        untaken.clear();
        return taken;
      },
      end: () => {
        this.#watches.delete(untaken);
      },
    };
  }

  async read(id: Uint8Array): Promise<OpenedRecord | null> {
    const { host, space } = this.#context;
    const cached = await host.cache.read(space, id);
    if (cached === null) return null;
    const bytes = await openCached(this.#context, cached);
    const body = parseRecordBody(bytes);
    bytes.fill(0);
    if (body === 'unreadable') throw new SdkError('record_newer', 'a newer version of Latchkey wrote this record');
    return { id: cached.record, version: cached.version, body };
  }

  async *entries(kind?: string): AsyncGenerator<OpenedRecord> {
    const { host, space } = this.#context;
    for await (const cached of host.cache.all(space)) {
      if (cached.sealed.length === 0) continue;
      const bytes = await openCached(this.#context, cached);
      const body = parseRecordBody(bytes);
      bytes.fill(0);
      if (body === null || body === 'unreadable' || (kind !== undefined && body.kind !== kind)) continue;
      yield { id: cached.record, version: cached.version, body };
    }
  }

  async write(edits: readonly (RecordEdit | SealAgain)[]): Promise<void> {
    await this.#inOrder(async () => {
      const progress = this.#writes.get(edits) ?? beginWrite(this.#context, edits);
      this.#writes.set(edits, progress);
      await writeRecords(this.#context, progress, this.#note);
      this.#writes.delete(edits);
    });
  }

  async sealNew(id: Uint8Array, body: RecordBody): Promise<{ readonly epoch: number; readonly sealed: Uint8Array }> {
    const { epoch, sealed } = await sealVersion(this.#context, { record: id, version: 1 }, encodeRecordBody(body));
    return { epoch, sealed };
  }

  async *staleRecords(): AsyncGenerator<Uint8Array> {
    const { host, space, keys } = this.#context;
    for await (const { record, epoch } of host.cache.all(space)) if (epoch < keys.epoch) yield record;
  }

  async noteFiled(): Promise<CaughtUp> {
    return this.#inOrder(async () => {
      const caughtUp = await this.#catchUp([]);
      const { engine, seen, space, keys, device } = this.#context;
      const mark = (await seen.space(space)) ?? NEW_MARK;
      const head = await nextHead(this.#context, new LogTree(engine, mark.tip));
      await callSpace(this.#context, ROUTES.spacesHeadPut, {
        space,
        head: { device, size: head.size, head: await encodeHead(keys, head) },
      });
      await seen.keepSpace(space, moveTip(mark, mark.tip, head));
      return caughtUp;
    });
  }

  async setback(): Promise<Setback | null> {
    return this.#inOrder(() => findSetback(this.#context));
  }

  async beginAgain(): Promise<ReadonlyMap<string, number>> {
    return this.#inOrder(() => beginAgain(this.#context, this.#note));
  }

  aside(): AsyncIterable<AsideRecord> {
    return asideRecords(this.#context);
  }

  async forgetAside(): Promise<void> {
    await forgetAside(this.#context);
  }

  async nameRecord(label: string, bytes: Uint8Array): Promise<Uint8Array> {
    return this.#context.keys.name(label, bytes);
  }

  async tip(): Promise<LogTip> {
    const { engine, space, seen } = this.#context;
    const { tip } = (await seen.space(space)) ?? NEW_MARK;
    return { space, size: tip.size, root: await rootOf(engine, tip) };
  }

  async newestState(): Promise<NewestState | null> {
    const mark = await this.#context.seen.space(this.id);
    return newestStateOf(mark?.heads ?? []);
  }

  readonly #note = ({ record }: FetchedChange): void => {
    const name = hex.encode(record);
    for (const untold of [this.#untold, ...this.#watches]) untold.set(name, record);
  };

  async #catchUp(expected: readonly NotedTip[]): Promise<CaughtUp> {
    const noted = tipsOf(expected, this.id).map((tip) => ({ ...tip, counter: 0 }));
    const { size, forgedHeads } = await catchUpSpace(this.#context, { expected: noted, onChange: this.#note });
    const changed = [...this.#untold.values()];
    this.#untold.clear();
    return { changed, size, forgedHeads };
  }

  /** One after the other: a tree grows at one end. */
  async #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#last.then(work);
    this.#last = run.catch(() => undefined);
    return run;
  }
}
