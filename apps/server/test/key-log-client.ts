/** What a client does with the key log's answers: it believes none of them. */
import {
  openDirectory,
  verifyHead,
  verifyLookup,
  type Directory,
  type StoredHead,
  type VerifiedHead,
} from '@latchkey/key-directory/verify';
import { formatStatement, identityKeyName, type IdentityStatement } from '@latchkey/protocol';
import type { ResponseOf, ROUTES } from '@latchkey/protocol/wire';
import { logTypes, parsePolicy, parseVerifierKey, type VerifierKey } from '@latchkey/tlog';
import { verifySignature } from '../src/key-log/cosigner.ts';
import { WireRefused, type WireClient } from '../src/testing/index.ts';
import { identityOf, newKeys, signed, signersOf, type TestOwner } from './test-owner.ts';

export type Resolved = ResponseOf<typeof ROUTES.ktResolve>;
export type PolicyAnswer = ResponseOf<typeof ROUTES.ktPolicy>;

export function logKeysOf({ keys, index }: PolicyAnswer): readonly VerifierKey[] {
  return [...keys.verifierKeys, ...index.verifierKeys].map((text) => parseVerifierKey(text, logTypes));
}

export function directoryOf({ domain, policy, keys, vrf }: PolicyAnswer): Directory {
  return openDirectory({
    domain,
    logKeys: keys.verifierKeys.map((text) => parseVerifierKey(text, logTypes).publicKey),
    vrfPublicKey: vrf,
    policy: parsePolicy(policy),
    verifySignature,
  });
}

/** @throws where the head is refused */
export async function verifiedHead(
  directory: Directory,
  { head }: Resolved,
  options: { readonly previous?: StoredHead; readonly nowMs?: number } = {},
): Promise<VerifiedHead> {
  const { indexCheckpoint, indexLeaf, ...proofs } = head;
  const answer = { indexCheckpoint: utf8(indexCheckpoint), indexLeaf: utf8(indexLeaf), ...proofs };
  const { previous = null, nowMs = Date.now() } = options;
  const verified = await verifyHead(directory, answer, { previous, nowSeconds: Math.floor(nowMs / 1_000) });
  if (verified.refused) throw new Error(`rule ${verified.rule}: ${verified.reason}`);
  return verified;
}

export function lookedUp(
  head: VerifiedHead,
  label: string,
  answer: Resolved['answers'][number] | undefined,
): ReturnType<typeof verifyLookup> {
  if (answer === undefined) throw new Error('there is no such answer');
  const leaves = answer.leaves.map(({ opened, ...leaf }) => ({
    ...leaf,
    opened: opened === null ? null : { ...opened, note: utf8(opened.note) },
  }));
  return verifyLookup(head, { label, known: null }, { ...answer, leaves });
}

/** Until the newest head has so many versions of the address. */
export async function resolveUntil(
  wire: WireClient,
  address: string,
  { versions, withinMs = 10_000 }: { readonly versions: number; readonly withinMs?: number },
): Promise<Resolved> {
  const untilMs = Date.now() + withinMs;
  for (;;) {
    const resolved = await resolveOrNull(wire, address);
    if (resolved?.answers[0]?.positions.length === versions) return resolved;
    if (Date.now() > untilMs) throw new Error(`${address} has not ${versions} versions after ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function resolveOrNull(wire: WireClient, address: string): Promise<Resolved | null> {
  try {
    return await wire.call('ktResolve', { wanted: [{ address, fromVersion: 0 }], known: null });
  } catch (error) {
    if (error instanceof WireRefused && error.code === 'head_missing') return null;
    throw error;
  }
}

export interface NextVersion {
  readonly owner: TestOwner;
  readonly statement: string;
}

/** The owner with new keys, and the statement that says so. */
export async function nextVersion(owner: TestOwner): Promise<NextVersion> {
  const keys = await newKeys();
  const identity: IdentityStatement = identityOf(owner.address, { keys, kit: owner.kit, previous: owner.identity });
  const statement = await signed(formatStatement(identity), [
    signersOf(identityKeyName(identity), keys),
    signersOf(identityKeyName(owner.identity), owner.keys),
  ]);
  return { owner: { ...owner, identity, keys }, statement };
}

export function utf8(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'utf8'));
}
