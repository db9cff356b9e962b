import type { NodeClientHost } from '../../packages/host-node/src/index.ts';
import { canonicalAddress, type CanonicalAddress } from '../../packages/protocol/src/index.ts';
import { provingDirectory } from '../../packages/sdk/src/directory/proving-directory.ts';
import { askForLog } from '../../packages/sdk/src/directory/key-log/log-pin.ts';
import { verifyIdentityChain } from '../../packages/sdk/src/signing/identity.ts';
import type { OwnKeys } from '../../packages/sdk/src/signing/types.ts';
import { memoryVault } from '../../packages/sdk/test/memory-vault.ts';
import { newPerson } from '../mail/new-person.ts';
import { median } from '../median.ts';
import type { Bench } from './bench.ts';

export interface RecipientFigures {
  readonly leaves: number;
  readonly recipients: number;
  /** Medians. Asked, proved, judged and pinned, in batches; the vault is in memory. */
  readonly ms: number;
  /** Of the client. */
  readonly processorMs: number;
}

export interface RecipientPlan {
  readonly leaves: number;
  readonly origin: string;
  readonly session: string;
  /** The asker's own address and first statement. */
  readonly own: { readonly address: string; readonly note: string };
  readonly recipients: readonly string[];
}

const ROUNDS = 3;

/** Everybody at once, by a client that has never seen anybody. */
export async function measureRecipients(
  bench: Bench,
  host: NodeClientHost,
  { leaves, origin, session, own, recipients }: RecipientPlan,
): Promise<RecipientFigures> {
  const wire = host.connect(origin);
  const address = canonicalAddress(own.address);
  const keys = await ownKeys(host, own.note, address);
  const log = await askForLog(wire, host.engine, { address, policyHash: null, from: 'first_use' });
  const wanted = recipients.map(canonicalAddress);
  const rounds: { ms: number; processorMs: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const vault = memoryVault();
    const parts = { engine: host.engine, wire, session, vault, address, clock: host.clock, log };
    const directory = provingDirectory({ ...parts, keys });
    const before = process.cpuUsage();
    const started = performance.now();
    const resolved = await directory.resolve(wanted);
    const ms = performance.now() - started;
    const { user, system } = process.cpuUsage(before);
    if (!resolved.every(({ outcome }) => outcome === 'known')) throw new Error('somebody is not known');
    rounds.push({ ms, processorMs: (user + system) / 1_000 });
  }
  const figures: RecipientFigures = {
    leaves,
    recipients: recipients.length,
    ms: median(rounds.map((each) => each.ms)),
    processorMs: median(rounds.map((each) => each.processorMs)),
  };
  bench.say(
    `${leaves} leaves: ${recipients.length} new recipients in ${figures.ms.toFixed(0)} ms (${figures.processorMs.toFixed(0)} ms of the processor)`,
  );
  return figures;
}

/** As its vault would hold them. Nothing is signed here: the signer is anybody's. */
async function ownKeys({ engine }: NodeClientHost, note: string, address: CanonicalAddress): Promise<OwnKeys> {
  const [identity] = await verifyIdentityChain(engine, [note], { address });
  if (identity === undefined) throw new Error('the own statement does not hold');
  const newest = { ...(await newPerson(engine, address)), identity };
  return { newest, all: [newest] };
}
