/** Sign-in card and recovery kit as values that a page or a terminal shows. */
import { formatCard, formatKitLine, formatKitWords } from '@latchkey/crypto';
import type { AccountFile, UnsavedKit } from '../account/profile-file-types.ts';
import type { ByHandHost } from '../ports.ts';
import type { RecoveryKit, SignInCard } from './types.ts';

export async function cardOf(
  { engine }: ByHandHost,
  { address, origin, policy, accountSecret, serverKey }: AccountFile,
): Promise<SignInCard> {
  const text = await formatCard(engine, { accountSecret, address, origin, serverKey, policy });
  return { address, origin, policy, text };
}

export async function kitOf(
  { engine }: ByHandHost,
  { origin, policy }: Pick<AccountFile, 'origin' | 'policy'>,
  { address, entropy, generation, dateSeconds, genesis }: UnsavedKit,
): Promise<RecoveryKit> {
  return {
    address,
    origin,
    words: formatKitWords(entropy),
    generation,
    dateSeconds,
    policy,
    genesis,
    text: await formatKitLine(engine, { entropy, address, origin, generation, policy, genesis }),
  };
}
