/** Verifies in a page, with the signatures that the browser has. */
import { webEngine } from '@latchkey/crypto/engine-web';
import { unpackSamples } from './samples.ts';
import { timeVerification, type VerificationTimes } from './time-verification.ts';

export async function verify(samples: string, rounds: number): Promise<VerificationTimes> {
  const engine = await webEngine();
  return timeVerification(
    unpackSamples(samples),
    (key, message, signature) =>
      key.type.algorithm === 'ed25519'
        ? engine.ed25519Verify(key.publicKey, message, signature)
        : engine.mldsa44Verify(key.publicKey, message, signature),
    { rounds, now: () => performance.now() },
  );
}
