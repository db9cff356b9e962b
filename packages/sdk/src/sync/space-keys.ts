/** Keys of one space (docs/spec/07-spaces.md, "Keys"). */
import { type Engine, LABELS, type Label } from '@latchkey/crypto';
import { SdkError } from '../errors.ts';
import { joinBytes } from './byte-fields.ts';
import type { SpaceKeyring } from './types.ts';
import { encodeUtf8 } from './utf8-text.ts';

const KEY_BYTES = 32;
const NAME_BYTES = 16;

export class SpaceKeys {
  readonly space: Uint8Array;
  /** The epoch that new records and heads are made under. */
  readonly epoch: number;
  readonly #engine: Engine;
  readonly #secrets: ReadonlyMap<number, Uint8Array>;

  constructor(engine: Engine, { space, epoch, secrets }: SpaceKeyring) {
    this.space = space;
    this.epoch = epoch;
    this.#engine = engine;
    this.#secrets = secrets;
  }

  /** @throws SdkError `epoch_unknown` */
  secretOf(epoch: number): Uint8Array {
    const secret = this.#secrets.get(epoch);
    if (secret === undefined) throw new SdkError('epoch_unknown', `no secret of epoch ${epoch} is known`);
    return secret;
  }

  knows(epoch: number): boolean {
    return this.#secrets.has(epoch);
  }

  /** @throws SdkError `epoch_unknown` */
  async headMac(epoch: number, bytes: Uint8Array): Promise<Uint8Array> {
    return this.#mac(epoch, { label: LABELS.headKey, bytes });
  }

  /**
   * The naming key is that of the first epoch, which no keyring loses: names stay when epochs come.
   *
   * @throws SdkError `epoch_unknown` for a keyring without secrets
   */
  async name(label: string, bytes: Uint8Array): Promise<Uint8Array> {
    const text = encodeUtf8(label);
    const input = joinBytes(Uint8Array.of(text.length), text, bytes);
    const mac = await this.#mac(Math.min(...this.#secrets.keys()), { label: LABELS.nameKey, bytes: input });
    return mac.slice(0, NAME_BYTES);
  }

  async #mac(epoch: number, { label, bytes }: { label: Label; bytes: Uint8Array }): Promise<Uint8Array> {
    const key = await this.#engine.hkdfSha256({
      secret: this.secretOf(epoch),
      salt: this.space,
      info: label.bytes,
      lengthBytes: KEY_BYTES,
    });
    const mac = await this.#engine.hmacSha256(key, bytes);
    key.fill(0);
    return mac;
  }
}
