import { statementHash, type CanonicalAddress } from '@latchkey/protocol';
import { verifyKeptIdentities } from '../../src/signing/identity.ts';
import type { OwnIdentity, OwnKeys } from '../../src/signing/types.ts';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { keyOwner, newKit, type KeyOwner, type MadeIdentity, type MadeStatement, type TestKit } from '../key-owner.ts';

/** Statements that were made once for all runs: their signatures are the slowest part of these tests. */
const made = new Map<string, Promise<MadeStatement>>();

function once<Made extends MadeStatement>(name: string, make: () => Promise<Made>): Promise<Made> {
  const known = made.get(name) ?? make();
  made.set(name, known);
  return known as Promise<Made>;
}

const kits = { own: await newKit(), later: await newKit() } as const;

/** An identity that its owner has published. */
export interface Published {
  readonly version: number;
  readonly hash: Uint8Array;
  /** Of the index log, from which on it is shown. */
  readonly indexSize: number;
  readonly atSeconds: number;
}

/** Somebody with an address, and what stands in the log under it: own statements, and those of a thief. */
export class Owner {
  readonly address: CanonicalAddress;
  /** All that stands under the address, oldest first. */
  readonly chain: MadeStatement[] = [];
  /** What the owner has signed of it. */
  readonly published: Published[] = [];
  /** The last one: its keys. */
  newest: MadeIdentity | null = null;
  /** The size of the index log from which on something is shown that is not the owner's. */
  foreignAt: number | null = null;
  /** The same, of what the owner has to be told: a reset that the owner has vetoed is over. */
  strangeAt: number | null = null;
  /** A thief's reset that nobody has vetoed. */
  pendingReset: MadeStatement | null = null;
  /** Where a thief had a veto's worth of time. */
  #kit: TestKit = kits.own;
  readonly #by: KeyOwner;
  readonly #own: OwnIdentity[] = [];

  constructor(address: CanonicalAddress) {
    this.address = address;
    this.#by = keyOwner(address);
  }

  /** As the vault has them: newest first. */
  get keys(): OwnKeys {
    const all = this.#own.toReversed();
    const [newest] = all;
    if (newest === undefined) throw new Error('an owner without keys');
    return { newest, all };
  }

  async genesis(): Promise<MadeIdentity> {
    return this.#taken(await once(this.#name('genesis'), () => this.#by.genesis({ recovery: kits.own.recovery })));
  }

  /** @param kit `later`: other recovery keys than before, which count only after the old hold */
  async rotation(kit: keyof typeof kits = 'own'): Promise<MadeIdentity> {
    const { after, by } = this.#place();
    this.#kit = kits[kit];
    const wish = { after, by, recovery: kits[kit].recovery };
    return this.#taken(await once(this.#name(`rotation ${kit}`), () => this.#by.rotation(wish)));
  }

  async veto(): Promise<MadeStatement> {
    const { after, by } = this.#place();
    const kills = this.pendingReset;
    if (kills === null) throw new Error('there is nothing to veto');
    this.pendingReset = null;
    this.strangeAt = null;
    return this.#told(await once(this.#name('veto'), () => this.#by.veto({ after, kills, by })));
  }

  tombstone(): Promise<MadeStatement> {
    const { after } = this.#place();
    return once(this.#name('tombstone'), () => this.#by.tombstone({ after }));
  }

  /** Keys of a thief under this address, signed by nobody else. */
  alone(
    flag: 'signed' | 'reset' | 'reissue',
    after: MadeStatement | null = this.chain.at(-1) ?? null,
  ): Promise<MadeIdentity> {
    const name = `${this.address} alone ${flag} ${after === null ? '' : hexOf(after)}`;
    return once(name, () => this.#by.alone({ after, flag }));
  }

  thiefsGenesis(): Promise<MadeIdentity> {
    return once(`${this.address} thief`, () => this.#by.genesis());
  }

  /** By a thief who has the kit. */
  thiefsReset(): Promise<MadeIdentity> {
    const { after } = this.#place();
    const kit = this.#kit;
    return once(this.#name('thief’s reset'), () => this.#by.reset({ after, kit, recovery: kit.recovery }));
  }

  /** Signed by the keys of a reset. */
  thiefsRotation(by: MadeIdentity): Promise<MadeIdentity> {
    const { after } = this.#place();
    return once(this.#name(`thief’s rotation ${hexOf(by)}`), () => this.#by.rotation({ after, by }));
  }

  /** What stands now under the address. */
  tell(statement: MadeStatement, place: Pick<Published, 'indexSize' | 'atSeconds'>): void {
    this.chain.push(statement);
    const own = this.#own.find(({ identity }) => Buffer.from(identity.hash).equals(statementHash(statement.statement)));
    if (own === undefined) {
      if (!this.#mine.has(statement)) {
        this.foreignAt ??= place.indexSize;
        this.strangeAt ??= place.indexSize;
      }
      return;
    }
    this.published.push({ version: statement.version, hash: own.identity.hash, ...place });
  }

  readonly #mine = new Set<MadeStatement>();

  #told<Made extends MadeStatement>(statement: Made): Made {
    this.#mine.add(statement);
    return statement;
  }

  async #taken(statement: MadeIdentity): Promise<MadeIdentity> {
    const [identity] = await verifyKeptIdentities(nodeEngine, [statement.note], { address: this.address });
    if (identity === undefined) throw new Error('an own statement does not hold');
    this.#own.push({ identity, signer: statement.signer, sealIdentity: '' });
    this.newest = statement;
    return this.#told(statement);
  }

  #place(): { after: MadeStatement; by: MadeIdentity } {
    const after = this.chain.at(-1);
    if (after === undefined || this.newest === null) throw new Error('an owner without a genesis');
    return { after, by: this.newest };
  }

  /** The same thing after the same chain is the same statement. */
  #name(what: string): string {
    return `${this.address} ${what} ${this.chain.map(hexOf).join(' ')}`;
  }
}

function hexOf({ statement }: MadeStatement): string {
  return Buffer.from(statementHash(statement)).toString('hex', 0, 8);
}
