import * as v from 'valibot';

const domain = v.pipe(v.string(), v.maxLength(253), v.regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/));
const origin = v.pipe(v.string(), v.maxLength(300), v.regex(/^https?:\/\/[a-z0-9.:[\]-]+$/));

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
};
