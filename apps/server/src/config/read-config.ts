import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import * as v from 'valibot';
import { ServerError } from '../errors.ts';
import { configSchema, defaultConfig, type Config } from './config.ts';

export type ConfigKey = keyof Config;
export type ConfigSource = 'flag' | 'environment' | 'file' | 'default';

/** The settings with the data folder known, and where each comes from. */
export interface ReadConfig {
  readonly config: Config & { readonly data: string };
  readonly sources: Readonly<Record<ConfigKey, ConfigSource>>;
  readonly file: string;
}

export interface ConfigInput {
  /** As typed, by the names of the settings. */
  readonly flags: Readonly<Record<string, string | boolean>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** null: `latchkey-server.toml` in `$XDG_CONFIG_HOME`. */
  readonly file: string | null;
}

const prefix = 'LATCHKEY_SERVER_';
const keys = Object.keys(defaultConfig) as ConfigKey[];

/** Flags, then environment, then the file. @throws ServerError `config_malformed`, with the name of what is wrong */
export function readConfig({ flags, env, file: given }: ConfigInput): ReadConfig {
  const file = given ?? join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'latchkey-server.toml');
  if (given !== null && !existsSync(given)) throw new ServerError('config_malformed', `there is no file ${given}`);
  const layers = [
    ['flag', fromTexts(flags)],
    ['environment', fromEnvironment(env)],
    ['file', existsSync(file) ? fromFile(file) : {}],
  ] as const;

  const values: Record<string, unknown> = { ...defaultConfig };
  const sources = Object.fromEntries(keys.map((key) => [key, 'default'])) as Record<ConfigKey, ConfigSource>;
  for (const [source, layer] of layers.toReversed()) {
    for (const [name, value] of Object.entries(layer)) {
      if (!isKey(name)) throw new ServerError('config_malformed', `${source}: there is no setting ${name}`);
      values[name] = value;
      sources[name] = source;
    }
  }
  const parsed = v.safeParse(configSchema, values);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const key = issue.path?.[0]?.key;
    const name = typeof key === 'string' ? key : 'a setting';
    const source = isKey(name) ? sources[name] : 'default';
    throw new ServerError('config_malformed', `${source}: ${name} has a value that is not allowed`);
  }
  const data = parsed.output.data ?? join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local/share'), 'latchkey-server');
  return { config: { ...parsed.output, data }, sources, file };
}

function fromEnvironment(env: ConfigInput['env']): Record<string, unknown> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(prefix) || value === undefined) continue;
    // QUOTA_BYTES is quotaBytes.
    const key = name
      .slice(prefix.length)
      .toLowerCase()
      .replaceAll(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
    texts[key] = value;
  }
  const { keyLog, ...plain } = texts;
  return keyLog === undefined ? fromTexts(plain) : { ...fromTexts(plain), keyLog: fromJson(keyLog) };
}

/** The one table, where a program that starts the server says it. What is no JSON fits no schema. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Texts become what the setting's default is made of; the schema then says whether it fits. */
function fromTexts(texts: Readonly<Record<string, string | boolean>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => {
      const isNumber =
        isKey(name) && (name === 'port' || name === 'metricsPort' || typeof defaultConfig[name] === 'number');
      if (isNumber && typeof text === 'string' && /^[0-9]{1,15}$/.test(text)) return [name, Number(text)];
      if (isKey(name) && typeof defaultConfig[name] === 'boolean') {
        return [name, text === 'true' ? true : text === 'false' ? false : text];
      }
      return [name, text];
    }),
  );
}

function fromFile(file: string): Record<string, unknown> {
  try {
    // The one table of the file; the other settings are plain values.
    const { key_log: keyLog, ...plain } = parseToml(readFileSync(file, 'utf8'));
    return keyLog === undefined ? plain : { ...plain, keyLog };
  } catch {
    throw new ServerError('config_malformed', `${file} is not TOML`);
  }
}

function isKey(name: string): name is ConfigKey {
  return Object.hasOwn(defaultConfig, name);
}
