/** Verifies in a fresh process, as a client would: what built the directory is not in its memory. */
import { readFileSync } from 'node:fs';
import { nodeVerifier } from '@latchkey/crypto/verify-node';
import type { VerifySignature } from '../../../packages/tlog/src/index.ts';
import { unpackSamples } from '../samples.ts';
import { timeVerification, type VerificationTimes } from '../time-verification.ts';

export interface NodeTimes {
  readonly wall: VerificationTimes;
  readonly processor: VerificationTimes;
}

const [file = '', rounds = '10'] = process.argv.slice(2);
const verifySignature: VerifySignature = ({ type, publicKey }, message, signature) =>
  type.algorithm === 'ed25519'
    ? nodeVerifier.ed25519Verify(publicKey, message, signature)
    : nodeVerifier.mldsa44Verify(publicKey, message, signature);
const samples = unpackSamples(readFileSync(file, 'utf8'));
/** All threads of this process: it hardly moves when others are at work on the machine. */
const processorNow = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};
const timed = (now: () => number): Promise<VerificationTimes> =>
  timeVerification(samples, verifySignature, { rounds: Number(rounds), now });
const wall = await timed(() => performance.now());
process.stdout.write(JSON.stringify({ wall, processor: await timed(processorNow) } satisfies NodeTimes));
