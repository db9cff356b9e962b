/** What the room answers to one vector of vectors/account. */
import { formatCard, parseCard } from '../../src/account/card.ts';
import { formatContactLine, parseContactLine } from '../../src/account/contact-line.ts';
import { kitKek, kitKeys, recoveryKeyName } from '../../src/account/kit-keys.ts';
import { formatKitLine, parseKitLine } from '../../src/account/kit-line.ts';
import { formatKitWords, parseKitWords } from '../../src/account/kit-words.ts';
import { passwordInput, passwordKek } from '../../src/account/password.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { CryptoError } from '../../src/errors.ts';
import type { AccountVector, AccountVectors } from './account-vector.ts';

const bytes = (value: unknown): Uint8Array => Uint8Array.from(Buffer.from(String(value), 'hex'));
const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');
const hexOrNull = (value: Uint8Array | null): string | null => (value === null ? null : hex(value));

/** Lines that paper and keyboards may change: capitals and white space. */
const inOneForm = (text: string): string => text.toLowerCase().trim().replaceAll(/\s+/g, ' ');

export async function runAccountVector(
  engine: Engine,
  kind: AccountVectors['kind'],
  { input }: AccountVector,
): Promise<AccountVector['expect']> {
  try {
    return await ANSWERS[kind](engine, input);
  } catch (error) {
    if (error instanceof CryptoError) return `throws ${error.code}`;
    throw error;
  }
}

type Answer = (engine: Engine, input: AccountVector['input']) => Promise<AccountVector['expect']>;

const ANSWERS: Readonly<Record<AccountVectors['kind'], Answer>> = {
  'password-input': async (engine, { accountSecret, password, address, origin }) =>
    passwordInput(engine, {
      accountSecret: bytes(accountSecret),
      password: String(password),
      address: String(address),
      origin: String(origin),
    }),
  'password-kek': async (engine, { exportKey, accountSecret, address, generation }) => {
    const parts = { exportKey: bytes(exportKey), accountSecret: bytes(accountSecret) };
    return hex(await passwordKek(engine, { ...parts, address: String(address), generation: Number(generation) }));
  },
  'kit-words': async (_engine, { text }) => {
    const parsed = parseKitWords(String(text));
    if (parsed.outcome !== 'kit') return { ...parsed };
    if (formatKitWords(parsed.entropy).join(' ') !== inOneForm(String(text))) throw new Error('other words');
    return { ...parsed, entropy: hex(parsed.entropy) };
  },
  'kit-keys': async (engine, { entropy, address, generation }) => {
    const keys = await kitKeys(engine, bytes(entropy));
    const place = { address: String(address), generation: Number(generation) };
    return {
      rescueIdentity: keys.rescueIdentity,
      rescueRecipient: keys.rescueRecipient,
      kek: hex(await kitKek(engine, bytes(entropy), place)),
      ed25519Seed: hex(keys.recoverySeeds.ed25519),
      mldsa44Seed: hex(keys.recoverySeeds.mldsa44),
      recoveryKeysHash: hex(keys.recoveryKeysHash),
      recoveryKeyName: recoveryKeyName(keys.recoveryKeysHash),
    };
  },
  card: async (engine, { text }) => {
    const card = await parseCard(engine, String(text));
    if ((await formatCard(engine, card)) !== inOneForm(String(text))) throw new Error('another card');
    return { ...card, accountSecret: hex(card.accountSecret), policy: hexOrNull(card.policy) };
  },
  'kit-line': async (engine, { text }) => {
    const kit = await parseKitLine(engine, String(text));
    if ((await formatKitLine(engine, kit)) !== inOneForm(String(text))) throw new Error('another kit');
    return { ...kit, entropy: hex(kit.entropy), policy: hexOrNull(kit.policy), genesis: hex(kit.genesis) };
  },
  'contact-line': async (engine, { text }) => {
    const contact = await parseContactLine(engine, String(text));
    if ((await formatContactLine(engine, contact)) !== inOneForm(String(text))) throw new Error('another contact');
    return { ...contact, identity: hex(contact.identity), policy: hexOrNull(contact.policy) };
  },
};
