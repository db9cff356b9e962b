import * as v from 'valibot';

const domain = v.pipe(v.string(), v.maxLength(253), v.regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/));
const origin = v.pipe(v.string(), v.maxLength(300), v.regex(/^https?:\/\/[a-z0-9.:[\]-]+$/));

/** Loopback alone may be asked in the clear: what comes back is signed, but a witness should know whom it hears. */
const cosignerUrl = v.pipe(
  v.string(),
  v.maxLength(1_000),
  v.regex(/^(https:\/\/|http:\/\/(localhost|127\.[0-9.]+|\[::1\])(:[0-9]+)?(\/|$))[!-~]*$/),
);
const verifierKey = v.pipe(v.string(), v.maxLength(4_096));
const cosigner = v.strictObject({
  url: cosignerUrl,
  /** A verifier key as in signed notes, or one of each algorithm, which then count as one witness. */
  key: v.union([verifierKey, v.pipe(v.array(verifierKey), v.minLength(1), v.maxLength(2))]),
});

/** `[key_log]` of the file. */
const keyLogSchema = v.strictObject({
  witness: v.optional(v.pipe(v.array(cosigner), v.maxLength(32)), []),
  auditor: v.optional(v.pipe(v.array(cosigner), v.maxLength(32)), []),
  /** How many witnesses a head needs; null: more than half. */
  quorum: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(32))), null),
});

export type KeyLogConfig = v.InferOutput<typeof keyLogSchema>;

/** Every setting, with its default. Flags, environment and file all go through this one schema. */
export const configSchema = v.strictObject({
  /** Data folder; null: `$XDG_DATA_HOME/latchkey-server`. */
  data: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(4_096))),
  /** null: the port of the last start, else 7700 or the next free one. */
  port: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535))),
  host: v.pipe(v.string(), v.minLength(1), v.maxLength(253)),
  domain,
  /** How clients reach the server; null: `http://localhost:PORT` on loopback, else `https://DOMAIN`. */
  origin: v.nullable(origin),
  registration: v.picklist(['open', 'invite', 'closed']),
  behindProxy: v.boolean(),
  quotaBytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  quotaArrivals: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  sessionDays: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3_650)),
  logLevel: v.picklist(['silent', 'error', 'warn', 'info', 'debug']),
  /** Where this machine alone reads /metrics and /ready; null: nowhere. */
  metricsPort: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535))),
  /** To whom `backup` seals this server's own secrets: `age1pq1…`. The identity is kept elsewhere. */
  backupRecipient: v.nullable(v.pipe(v.string(), v.maxLength(2_048), v.regex(/^age1pq1[02-9ac-hj-np-z]+$/))),
  /** To whom owners may seal a message that they report; null: reports are not taken. The identity is kept elsewhere. */
  abuseRecipient: v.nullable(v.pipe(v.string(), v.maxLength(2_048), v.regex(/^age1pq1[02-9ac-hj-np-z]+$/))),
  /** For how many days an account is new: it may deliver less then. 0: never. */
  newAccountDays: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(365)),
  /** Deliveries of a new account in a day; a message to no more people than the next setting is one. */
  newAccountSends: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)),
  /** Recipients of one delivery of a new account. */
  newAccountRecipients: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(256)),
  /** Who signs the heads of the key log besides this server. In the file, or as JSON in the environment. */
  keyLog: keyLogSchema,
  /** Folder of the built web app, served under `/app/`; null: none. */
  webApp: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(4_096))),
});

export type Config = v.InferOutput<typeof configSchema>;

export const defaultConfig: Config = {
  data: null,
  port: null,
  host: '127.0.0.1',
  domain: 'localhost',
  origin: null,
  registration: 'open',
  behindProxy: false,
  quotaBytes: 10_737_418_240,
  quotaArrivals: 100_000,
  sessionDays: 365,
  logLevel: 'info',
  metricsPort: null,
  backupRecipient: null,
  abuseRecipient: null,
  newAccountDays: 7,
  newAccountSends: 100,
  newAccountRecipients: 20,
  keyLog: { witness: [], auditor: [], quorum: null },
  webApp: null,
};
