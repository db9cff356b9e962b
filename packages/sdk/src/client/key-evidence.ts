/** What was kept against an operator, and people whom a human has verified (docs/spec/14-proving-directory.md). */
import { canonicalAddress, type CanonicalAddress } from '@latchkey/protocol';
import { evidenceFile, evidenceFacts } from '../directory/key-log/evidence.ts';
import { verifyEvidence as verifyFile, type EvidenceVerdict } from '../directory/key-log/verify-evidence.ts';
import { withLeaves } from '../directory/tail/tail-evidence.ts';
import type { ByHandHost } from '../ports.ts';
import type { Client } from './types.ts';

export type { EvidenceVerdict };

export interface KeptEvidence {
  /** 16 bytes: as a resolution and `KeyLogError` name it. */
  readonly id: Uint8Array;
  readonly rule: number;
  /** Stable; one for each lie. */
  readonly reason: string;
  readonly address: CanonicalAddress;
  /** Since 1970-01-01T00:00:00Z. */
  readonly seenSeconds: number;
  /** For somebody else to check: JSON, with everything in it. */
  readonly file: Uint8Array;
}

/** What the key log's own signatures stand under, oldest first. From what was caught up. */
export async function keyEvidence({ host, vault }: Client): Promise<readonly KeptEvidence[]> {
  const found: KeptEvidence[] = [];
  for await (const { id, body } of vault.entries('evidence')) {
    const facts = body === null ? null : evidenceFacts(body);
    if (body !== null && facts !== null) found.push({ id, ...facts, file: evidenceFile(await withLeaves(host, body)) });
  }
  return found.toSorted((one, other) => one.seenSeconds - other.seenSeconds);
}

/** Does it all again from the file alone, without an account. */
export function verifyEvidence({ engine }: Pick<ByHandHost, 'engine'>, file: Uint8Array): Promise<EvidenceVerdict> {
  return verifyFile(engine, file);
}

/**
 * A human has compared the identity with what its owner showed or said: it takes the place of what was known of the
 * address. Never to be called on what a server shows alone.
 *
 * @param identity hash of the newest statement, 32 bytes
 * @throws SdkError `statement_unverified` where the key log does not prove exactly this identity
 */
export function verifiedByHuman(client: Client, address: string, identity: Uint8Array): Promise<void> {
  return client.directory.acceptChangedVerifiedByHuman(canonicalAddress(address), identity);
}
