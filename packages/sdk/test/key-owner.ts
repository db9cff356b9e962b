/** An owner of keys whose every statement the tests write by hand, true ones and false ones. */
import { randomBytes } from 'node:crypto';
import { formatRecipient, generateIdentity, recipientOf } from '@latchkey/crypto';
import { nodeEngine } from '@latchkey/crypto/engine-node';
import { hybridSigner, type HybridSigner } from '@latchkey/crypto/sign';
import {
  statementHash,
  type CanonicalAddress,
  type IdentityStatement,
  type Recovery,
  type Statement,
  type TombstoneStatement,
  type VetoStatement,
} from '@latchkey/protocol';
import type { ShownStatement } from '../src/directory/history/judge-history.ts';
import { identitySigner, signIdentity } from '../src/signing/identity.ts';
import { signReset } from '../src/signing/reset.ts';
import { signStatement } from '../src/signing/signed-statement.ts';

type Flag = ShownStatement['flag'];

export const someBytes = (lengthBytes: number): Uint8Array => new Uint8Array(randomBytes(lengthBytes));

export function newSigner(): Promise<HybridSigner> {
  return hybridSigner(nodeEngine, { ed25519: someBytes(32), mldsa44: someBytes(32) });
}

/** A kit: its signing pair and what a statement says of it. */
export interface TestKit {
  readonly signer: HybridSigner;
  readonly recovery: Extract<Recovery, { by: 'kit' }>;
}

export async function newKit(): Promise<TestKit> {
  const signer = await newSigner();
  const { ed25519, mldsa44 } = signer.publicKey;
  const keysHash = await nodeEngine.sha256(Buffer.concat([ed25519, mldsa44]));
  return { signer, recovery: { by: 'kit', keysHash } };
}

/** A leaf that says something, and what its maker knows of it. */
export interface MadeStatement extends ShownStatement {
  readonly note: string;
  readonly statement: Statement & { readonly version: number };
}

export interface MadeIdentity extends MadeStatement {
  readonly statement: IdentityStatement;
  readonly signer: HybridSigner;
}

type After = MadeStatement | null;

export interface IdentityWish {
  readonly after: After;
  readonly recovery?: Recovery;
  readonly holdHours?: number;
  readonly flag?: Flag;
  readonly signer?: HybridSigner;
}

const seal = formatRecipient(await recipientOf(nodeEngine, generateIdentity(nodeEngine)));

async function statementAfter(
  address: CanonicalAddress,
  { after, recovery = { by: 'none' }, holdHours = 72, signer }: IdentityWish,
): Promise<{ statement: IdentityStatement; signer: HybridSigner }> {
  const own = signer ?? (await newSigner());
  const statement: IdentityStatement = {
    kind: 'latchkey/identity/v1',
    address,
    version: after === null ? 0 : after.version + 1,
    previous: after === null ? null : statementHash(after.statement),
    ...own.publicKey,
    seal,
    recovery,
    holdHours,
    vault: someBytes(32),
  };
  return { statement, signer: own };
}

export interface KeyOwner {
  genesis(wish?: Omit<IdentityWish, 'after'>): Promise<MadeIdentity>;
  /** Signed by `by`, which is `after` unless it is told. */
  rotation(wish: IdentityWish & { readonly by?: MadeIdentity }): Promise<MadeIdentity>;
  reset(wish: IdentityWish & { readonly kit: TestKit }): Promise<MadeIdentity>;
  /** By nobody but itself. */
  alone(wish: IdentityWish): Promise<MadeIdentity>;
  veto(wish: {
    readonly after: MadeStatement;
    readonly kills: MadeStatement;
    readonly by: MadeIdentity;
    readonly flag?: Flag;
  }): Promise<MadeStatement>;
  tombstone(wish: {
    readonly after: MadeStatement;
    readonly by?: MadeIdentity;
    readonly flag?: Flag;
  }): Promise<MadeStatement>;
}

export function keyOwner(address: CanonicalAddress): KeyOwner {
  const shown = <S extends MadeStatement['statement']>(statement: S, note: string, flag: Flag) => ({
    version: statement.version,
    flag,
    note,
    statement,
  });
  return {
    async genesis(wish = {}) {
      const { statement, signer } = await statementAfter(address, { ...wish, after: null });
      return { ...shown(statement, await signIdentity(statement, { own: signer }), wish.flag ?? 'genesis'), signer };
    },
    async rotation(wish) {
      const { statement, signer } = await statementAfter(address, wish);
      const by = wish.by ?? (wish.after as MadeIdentity);
      const note = await signIdentity(statement, { own: signer, previous: by });
      return { ...shown(statement, note, wish.flag ?? 'signed'), signer };
    },
    async reset(wish) {
      const { statement, signer } = await statementAfter(address, wish);
      const note = await signReset(nodeEngine, statement, { own: signer, recovery: wish.kit.signer });
      return { ...shown(statement, note, wish.flag ?? 'reset'), signer };
    },
    async alone(wish) {
      const { statement, signer } = await statementAfter(address, wish);
      return { ...shown(statement, await signIdentity(statement, { own: signer }), wish.flag ?? 'reissue'), signer };
    },
    async veto({ after, kills, by, flag = 'veto' }) {
      const statement: VetoStatement = {
        kind: 'latchkey/veto/v1',
        address,
        version: after.version + 1,
        previous: statementHash(after.statement),
        kills: { version: kills.version, hash: statementHash(kills.statement) },
        by: { address, version: by.version, identity: statementHash(by.statement) },
      };
      return shown(statement, await signStatement(statement, [identitySigner(by.statement, by.signer)]), flag);
    },
    async tombstone({ after, by, flag = 'tombstone' }) {
      const statement: TombstoneStatement = {
        kind: 'latchkey/tombstone/v1',
        address,
        version: after.version + 1,
        previous: statementHash(after.statement),
      };
      const signers = by === undefined ? [identityOfNobody] : [identitySigner(by.statement, by.signer)];
      return shown(statement, await signStatement(statement, signers), flag);
    },
  };
}

/** A note has at least one line: the operator's own name, which proves nothing. */
const identityOfNobody = { name: 'example.org/operator', signer: await newSigner() };
