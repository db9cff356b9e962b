/** The two small files of a backup that are read again. docs/spec/17-backup.md. */
import * as v from 'valibot';
import { ServerError } from '../errors.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** `backup.json`. */
const facts = v.strictObject({
  latchkey: v.literal('backup/v1'),
  /** Of the program that wrote it. */
  version: v.pipe(v.string(), v.maxLength(64)),
  schema: count,
  /** Since 1970-01-01T00Z. */
  hour: count,
  origin: v.pipe(v.string(), v.maxLength(300)),
  accounts: count,
  blobs: count,
  /** How many of them, and of running uploads, are files of their own. */
  blobFiles: count,
  /** How far the logs were signed. */
  keysSize: count,
  indexSize: count,
});

export type BackupFacts = v.InferOutput<typeof facts>;

/** What every server has of its own, and what a new one can do without: `seal-key` is made anew. */
export const BACKED_UP_SECRETS = ['opaque-setup', 'handover-key', 'log-key', 'vrf-key'] as const;
type SecretName = (typeof BACKED_UP_SECRETS)[number];

const secretText = v.pipe(v.string(), v.maxLength(8_192), v.regex(/^[A-Za-z0-9_-]+$/));
const secrets = v.strictObject({
  latchkey: v.literal('server-secrets/v1'),
  files: v.strictObject({
    'opaque-setup': secretText,
    'handover-key': v.optional(secretText),
    'log-key': v.optional(secretText),
    'vrf-key': v.optional(secretText),
  }),
});

export type BackedUpSecrets = Partial<Record<SecretName, string>>;

/** @throws ServerError `backup_damaged` */
export function parseBackupFacts(text: string): BackupFacts {
  return parsed(facts, text, 'backup.json is not that of a backup');
}

/** @throws ServerError `backup_damaged` */
export function parseBackedUpSecrets(text: string): BackedUpSecrets {
  const { files } = parsed(secrets, text, 'these are not the secrets of a server');
  return Object.fromEntries(Object.entries(files).filter(([, value]) => value !== undefined));
}

export function formatBackedUpSecrets(files: BackedUpSecrets): string {
  return JSON.stringify({ latchkey: 'server-secrets/v1', files });
}

function parsed<T>(schema: v.GenericSchema<unknown, T>, text: string, problem: string): T {
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    // Fits no schema.
  }
  const result = v.safeParse(schema, value);
  if (!result.success) throw new ServerError('backup_damaged', problem);
  return result.output;
}
