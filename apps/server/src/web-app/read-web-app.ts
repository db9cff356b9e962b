import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { ServerError } from '../errors.ts';
import { webAppHeaders } from './headers.ts';

export interface WebAppFile {
  readonly bytes: Buffer;
  /** The same, compressed when it was built; null where that was not worth it. */
  readonly brotli: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly etag: string;
}

/** Path below the app's folder → file. The folder's page is under the empty path. */
export type WebApp = ReadonlyMap<string, WebAppFile>;

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
  wasm: 'application/wasm',
  webmanifest: 'application/manifest+json',
  woff2: 'font/woff2',
};

/**
 * All of a folder of static files, read once: whoever changes it later changes nothing that is served.
 *
 * @throws ServerError `config_malformed` where there is no such folder, or no page in it
 */
export function readWebApp(folder: string): WebApp {
  const files = new Map<string, WebAppFile>();
  for (const name of namesIn(folder)) {
    if (name.endsWith('.br')) continue;
    const bytes = readFileSync(join(folder, name));
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    const headers = { ...webAppHeaders(name), 'content-type': type, vary: 'accept-encoding' };
    files.set(name, { bytes, brotli: compressed(join(folder, `${name}.br`)), headers, etag });
  }
  const page = files.get('index.html');
  if (page === undefined) throw new ServerError('config_malformed', `${folder} holds no web app`);
  return files.set('', page);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .toSorted();
  } catch (cause) {
    throw new ServerError('config_malformed', `${folder} cannot be read`, { cause });
  }
}

function compressed(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
