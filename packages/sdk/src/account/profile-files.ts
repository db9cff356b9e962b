/** Reading and writing the small files of a profile. Only what this client itself has written is taken back. */
import { parseAddress, type CanonicalAddress } from '@latchkey/protocol';
import * as v from 'valibot';
import { SdkError } from '../errors.ts';
import type { Profile, ProfileFile } from '../ports.ts';
import type { AccountFile, PendingFile, UnlockedFile } from './profile-file-types.ts';
import {
  addressField,
  bytesField,
  decodeStored,
  encodeStored,
  MAX_DEVICE_NAME_CHARS,
  noteField,
  originField,
  policyField,
  secondsField,
  serverKeyField,
  textField,
  u32Field,
} from './stored-json.ts';

const id = bytesField(16);
const secret = bytesField(32);
const accountSecret = bytesField(16);
const token = textField(256);
const canonical = v.pipe(
  addressField,
  v.check((address) => isCanonical(address), 'not a canonical address'),
  v.transform((address) => address as CanonicalAddress),
);

const accountSchema: v.GenericSchema<unknown, AccountFile> = v.strictObject({
  latchkey: v.literal('account/v1'),
  address: canonical,
  origin: originField,
  serverKey: serverKeyField,
  policy: policyField,
  accountSecret,
  device: id,
  deviceName: textField(MAX_DEVICE_NAME_CHARS),
  session: token,
  vault: id,
  generation: u32Field,
});

const unlockedSchema: v.GenericSchema<unknown, UnlockedFile> = v.strictObject({
  latchkey: v.literal('unlocked/v1'),
  root: secret,
  generation: u32Field,
});

const identity = v.strictObject({ ed25519: secret, mldsa44: secret, seal: textField(128), note: noteField });

const registrationSchema = v.strictObject({
  latchkey: v.literal('registration/v1'),
  address: canonical,
  origin: originField,
  serverKey: serverKeyField,
  policy: policyField,
  invitation: v.nullable(textField(256)),
  deviceName: textField(MAX_DEVICE_NAME_CHARS),
  dateSeconds: secondsField,
  accountSecret,
  root: secret,
  kit: secret,
  device: id,
  vault: id,
  mailbox: id,
  mailboxSecret: secret,
  passwordLatch: id,
  kitLatch: id,
  identity,
  sent: v.boolean(),
});

const loginSchema = v.strictObject({
  latchkey: v.literal('login/v1'),
  address: canonical,
  origin: originField,
  device: id,
});

const kitSchema = v.strictObject({
  latchkey: v.literal('unsaved-kit/v1'),
  address: canonical,
  entropy: secret,
  generation: u32Field,
  dateSeconds: secondsField,
  genesis: secret,
});

const lockOutSchema = v.strictObject({
  latchkey: v.literal('lock-out/v1'),
  address: canonical,
  dateSeconds: secondsField,
  generation: u32Field,
  accountSecret,
  root: secret,
  kit: secret,
  passwordLatch: id,
  kitLatch: id,
  mailboxEpoch: u32Field,
  mailboxSecret: secret,
  version: u32Field,
  identity,
  genesis: secret,
  oldGeneration: u32Field,
  oldRoot: secret,
  namingSecret: secret,
  begun: v.boolean(),
});

const resetSchema = v.strictObject({
  latchkey: v.literal('reset/v1'),
  address: canonical,
  origin: originField,
  serverKey: serverKeyField,
  policy: policyField,
  deviceName: textField(MAX_DEVICE_NAME_CHARS),
  dateSeconds: secondsField,
  version: u32Field,
  identity,
  accountSecret,
  root: secret,
  generation: u32Field,
  device: id,
  vault: id,
  namingSecret: secret,
  mailbox: id,
  mailboxSecret: secret,
  passwordLatch: id,
  kitLatch: id,
});

const pendingSchema: v.GenericSchema<unknown, PendingFile> = v.variant('latchkey', [
  registrationSchema,
  loginSchema,
  kitSchema,
  lockOutSchema,
  resetSchema,
]);

/** @throws SdkError `profile_damaged` */
export async function readAccount(profile: Profile): Promise<AccountFile | null> {
  return readFile(profile, 'account', accountSchema);
}

/** @throws SdkError `profile_missing`, `profile_damaged` */
export async function requireAccount(profile: Profile): Promise<AccountFile> {
  const account = await readAccount(profile);
  if (account === null) throw new SdkError('profile_missing', 'there is no account on this device');
  return account;
}

/** @throws SdkError `profile_damaged` */
export async function readUnlocked(profile: Profile): Promise<UnlockedFile | null> {
  return readFile(profile, 'unlocked', unlockedSchema);
}

/** @throws SdkError `profile_damaged` */
export async function readPending(profile: Profile): Promise<PendingFile | null> {
  return readFile(profile, 'pending', pendingSchema);
}

export async function writeAccount(profile: Profile, account: AccountFile): Promise<void> {
  await writeFile(profile, 'account', account);
}

export async function writeUnlocked(profile: Profile, unlocked: UnlockedFile): Promise<void> {
  await writeFile(profile, 'unlocked', unlocked);
}

export async function writePending(profile: Profile, pending: PendingFile): Promise<void> {
  await writeFile(profile, 'pending', pending);
}

async function readFile<T>(
  profile: Profile,
  file: ProfileFile,
  schema: v.GenericSchema<unknown, T>,
): Promise<T | null> {
  const bytes = await profile.read(file);
  if (bytes === null) return null;
  const value = decodeStored(schema, bytes);
  bytes.fill(0);
  if (value === null) throw new SdkError('profile_damaged', `the profile's file "${file}" cannot be read`);
  return value;
}

async function writeFile(profile: Profile, file: ProfileFile, value: object): Promise<void> {
  const bytes = encodeStored(value);
  try {
    await profile.write(file, bytes);
  } finally {
    bytes.fill(0);
  }
}

function isCanonical(address: string): boolean {
  try {
    parseAddress(address);
    return true;
  } catch {
    return false;
  }
}
