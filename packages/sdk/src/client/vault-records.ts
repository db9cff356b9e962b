/** What a vault holds of its own account (docs/spec/05-account.md, "Vault records"). */
import * as v from 'valibot';
import {
  bytesField,
  MAX_DEVICE_NAME_CHARS,
  noteField,
  originField,
  parseStored,
  policyField,
  secondsField,
  serverKeyField,
  storable,
  textField,
  u32Field,
} from '../account/stored-json.ts';
import type { IdentitySecrets } from '../account/profile-file-types.ts';
import { SdkError } from '../errors.ts';
import type { RecordBody, RecordEdit, Space } from '../sync/types.ts';

export interface IdentityRecord extends IdentitySecrets {
  readonly kind: 'identity';
  readonly v: 1;
  readonly version: number;
}

export interface SpaceRecord {
  readonly kind: 'space';
  readonly v: 1;
  /** 16 bytes. */
  readonly space: Uint8Array;
  /** `mailbox`; others are of newer versions. */
  readonly holds: string;
  /** Secrets of 32 bytes; the last one seals. */
  readonly epochs: readonly { readonly epoch: number; readonly secret: Uint8Array }[];
}

export interface DeviceRecord {
  readonly kind: 'device';
  readonly v: 1;
  readonly name: string;
  /** Hours since 1970-01-01T00Z. */
  readonly madeHour: number;
  readonly joined: 'registration' | 'password' | 'kit';
}

export interface AccountSecretRecord {
  readonly kind: 'account-secret';
  readonly v: 1;
  /** 16 bytes. */
  readonly secret: Uint8Array;
  readonly origin: string;
  readonly serverKey: string;
  readonly policy: Uint8Array | null;
}

export interface KitRecord {
  readonly kind: 'kit';
  readonly v: 1;
  readonly generation: number;
  readonly dateSeconds: number;
  /** `age1pq1…`: what rescue files are sealed to. */
  readonly rescueRecipient: string;
}

/** Of an account whose first keys were lost. */
export interface GenesisRecord {
  readonly kind: 'genesis';
  readonly v: 1;
  /** Hash of the statement of version 0, 32 bytes. */
  readonly hash: Uint8Array;
}

export type VaultRecord = GenesisRecord | IdentityRecord | SpaceRecord | DeviceRecord | AccountSecretRecord | KitRecord;
type VaultKind = VaultRecord['kind'];
type RecordOf<K extends VaultKind> = Extract<VaultRecord, { readonly kind: K }>;

const MAX_EPOCHS = 4_096;
const secret = bytesField(32);
const hour = u32Field;

const schemas: { readonly [K in VaultKind]: v.GenericSchema<unknown, RecordOf<K>> } = {
  identity: v.strictObject({
    kind: v.literal('identity'),
    v: v.literal(1),
    version: u32Field,
    ed25519: secret,
    mldsa44: secret,
    seal: textField(128),
    note: noteField,
  }),
  space: v.strictObject({
    kind: v.literal('space'),
    v: v.literal(1),
    space: bytesField(16),
    holds: textField(64),
    epochs: v.pipe(v.array(v.strictObject({ epoch: u32Field, secret })), v.minLength(1), v.maxLength(MAX_EPOCHS)),
  }),
  device: v.strictObject({
    kind: v.literal('device'),
    v: v.literal(1),
    name: textField(MAX_DEVICE_NAME_CHARS),
    madeHour: hour,
    joined: v.picklist(['registration', 'password', 'kit']),
  }),
  'account-secret': v.strictObject({
    kind: v.literal('account-secret'),
    v: v.literal(1),
    secret: bytesField(16),
    origin: originField,
    serverKey: serverKeyField,
    policy: policyField,
  }),
  genesis: v.strictObject({ kind: v.literal('genesis'), v: v.literal(1), hash: secret }),
  kit: v.strictObject({
    kind: v.literal('kit'),
    v: v.literal(1),
    generation: u32Field,
    dateSeconds: secondsField,
    rescueRecipient: textField(4_096),
  }),
};

export function formatVaultRecord(record: VaultRecord): RecordBody {
  return storable(record) as RecordBody;
}

/**
 * @throws SdkError `record_newer`: made by a newer version of this software; `vault_incomplete`: not a record of this
 * kind at all
 */
export function parseVaultRecord<K extends VaultKind>(kind: K, body: RecordBody): RecordOf<K> {
  const schema: v.GenericSchema<unknown, RecordOf<K>> = schemas[kind];
  const record = parseStored(schema, body);
  if (record !== null) return record;
  if (body.kind === kind && body.v > 1) {
    throw new SdkError('record_newer', `a record of kind "${kind}" was made by a newer version`);
  }
  throw new SdkError('vault_incomplete', `a record of kind "${kind}" cannot be read`);
}

/** An edit that puts a record where none is: repeating it changes nothing. */
export async function putIfAbsent(
  vault: Space,
  name: Uint8Array,
  record: Exclude<VaultRecord, DeviceRecord>,
): Promise<RecordEdit> {
  const id = await vault.nameRecord(record.kind, name);
  return { id, change: (current) => (current === null ? formatVaultRecord(record) : 'keep') };
}

/** A device's record has the device's own id. */
export function putDevice(device: Uint8Array, record: DeviceRecord): RecordEdit {
  return { id: device, change: (current) => (current === null ? formatVaultRecord(record) : 'keep') };
}

/** Big-endian: what numbered records are named by. */
export function u32Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
