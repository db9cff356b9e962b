/** Vault and mailbox go over to their new epochs (docs/spec/05-account.md, "Lock-out"). */
import { kitKeys, vaultEpochSecret } from '@latchkey/crypto';
import type { AccountFile, LockOutPlan } from '../account/profile-file-types.ts';
import { SdkError } from '../errors.ts';
import type { ClientHost, Wire } from '../ports.ts';
import { equalBytes } from '../signing/equal-bytes.ts';
import { notedHeads } from '../sync/note-heads.ts';
import { openSpace } from '../sync/open-space.ts';
import type { RecordBody, RecordEdit, SealAgain, Space } from '../sync/types.ts';
import { putNamingSecret } from './naming-secret.ts';
import { openMailbox } from './open-own-spaces.ts';
import type { VaultContents } from './read-vault.ts';
import type { LockOutProgress } from './types.ts';
import { formatVaultRecord, parseVaultRecord, putIfAbsent, u32Bytes } from './vault-records.ts';

const FIRST_EPOCH = 1;
const KNOWN = 1;
const SEALED_AT_ONCE = 256;
const NO_NAME = new Uint8Array(0);

export interface RekeyParts {
  readonly wire: Wire;
  readonly session: string;
  readonly account: AccountFile;
  readonly plan: LockOutPlan;
}

/** With the old epoch and the new one, which seals: only here are both in one keyring. */
export async function openRekeyedVault(host: ClientHost, { wire, session, account, plan }: RekeyParts): Promise<Space> {
  const { engine } = host;
  const { vault: space, device } = account;
  const { oldRoot, oldGeneration, root, generation, namingSecret } = plan;
  const secrets = new Map([
    [FIRST_EPOCH, namingSecret],
    [oldGeneration, await vaultEpochSecret(engine, oldRoot, space)],
    [generation, await vaultEpochSecret(engine, root, space)],
  ]);
  return openSpace(host, { wire, session, keyring: { space, epoch: generation, secrets }, device });
}

/** What is new, then all that was there, deleted records too. The devices that were there must come in again. */
export async function rekeyVault(host: ClientHost, vault: Space, { account, plan }: RekeyParts): Promise<void> {
  const edits: (RecordEdit | SealAgain)[] = await newRecords(host, vault, plan);
  edits.push(putNamingSecret(vault, plan.namingSecret));
  for await (const { id, body } of vault.entries('device')) {
    if (body !== null && !equalBytes(id, account.device)) edits.push({ id, change: () => null });
  }
  for await (const id of vault.staleRecords()) edits.push({ id, change: 'seal-again' });
  await vault.write(edits);
}

async function newRecords({ engine }: ClientHost, vault: Space, plan: LockOutPlan): Promise<RecordEdit[]> {
  const { generation, dateSeconds, version, identity, accountSecret } = plan;
  const { rescueRecipient, recoverySeeds } = await kitKeys(engine, plan.kit);
  recoverySeeds.ed25519.fill(0);
  recoverySeeds.mldsa44.fill(0);
  const edits = [
    await putIfAbsent(vault, u32Bytes(version), { kind: 'identity', v: 1, version, ...identity }),
    await putIfAbsent(vault, u32Bytes(generation), { kind: 'kit', v: 1, generation, dateSeconds, rescueRecipient }),
    {
      id: await vault.nameRecord('account-secret', NO_NAME),
      knows: KNOWN,
      change: (current: RecordBody | null) => {
        const login = parseVaultRecord('account-secret', present(current));
        return equalBytes(login.secret, accountSecret)
          ? ('keep' as const)
          : formatVaultRecord({ ...login, secret: accountSecret });
      },
    },
  ];
  for await (const { id, body } of vault.entries('space')) {
    if (body === null || body.v > KNOWN || parseVaultRecord('space', body).holds !== 'mailbox') continue;
    edits.push({ id, knows: KNOWN, change: (current: RecordBody | null) => withNewEpoch(present(current), plan) });
  }
  return edits;
}

function withNewEpoch(
  current: RecordBody,
  { mailboxEpoch: epoch, mailboxSecret: secret }: LockOutPlan,
): RecordBody | 'keep' {
  const record = parseVaultRecord('space', current);
  if (record.epochs.some((each) => each.epoch === epoch)) return 'keep';
  return formatVaultRecord({ ...record, epochs: [...record.epochs, { epoch, secret }] });
}

/** Everything in the mailbox under its new epoch; new records went under it before. */
export async function rekeyMailbox(
  host: ClientHost,
  { wire, account }: RekeyParts,
  { vault, contents, onProgress }: RekeyMailbox,
): Promise<void> {
  const mailbox = await openMailbox(host, { ...account, wire }, { keyring: contents.mailbox });
  await mailbox.catchUp(await notedHeads(vault));
  const stale: Uint8Array[] = [];
  for await (const id of mailbox.staleRecords()) stale.push(id);
  for (let done = 0; done < stale.length; done += SEALED_AT_ONCE) {
    onProgress({ done, total: stale.length });
    await mailbox.write(stale.slice(done, done + SEALED_AT_ONCE).map((id) => ({ id, change: 'seal-again' })));
  }
  onProgress({ done: stale.length, total: stale.length });
}

export interface RekeyMailbox {
  readonly vault: Space;
  readonly contents: VaultContents;
  readonly onProgress: (progress: LockOutProgress) => void;
}

function present(body: RecordBody | null): RecordBody {
  if (body === null) throw new SdkError('vault_incomplete', 'a record of the account’s own keys is not there');
  return body;
}
