/** A data folder of a release, as one small file: what is in it, and what its owners know of it. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

export interface ReleaseFacts {
  readonly schema: number;
  readonly origin: string;
  readonly address: string;
  readonly password: string;
  /** `Bearer …` of a session. */
  readonly authorization: string;
  /** Each with its id and the SHA-256 of its bytes, base64url. */
  readonly holds: readonly { readonly hold: string; readonly sha256: string }[];
  readonly arrivals: number;
  readonly space: string;
  /** Sealed bytes of records, of a kind that no server knows. */
  readonly records: readonly { readonly record: string; readonly sealed: string }[];
}

interface Packed {
  readonly facts: ReleaseFacts;
  /** Base64 by path. */
  readonly files: Readonly<Record<string, string>>;
}

export function packRelease(to: string, { data, facts }: { data: string; facts: ReleaseFacts }): void {
  const names = readdirSync(data, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(data, name)).isFile() && name !== 'lock')
    .toSorted();
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(data, name), 'base64')]));
  writeFileSync(to, gzipSync(JSON.stringify({ facts, files } satisfies Packed), { level: 9 }));
}

export function unpackRelease(file: URL, data: string): ReleaseFacts {
  const { facts, files } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Packed;
  for (const [name, base64] of Object.entries(files)) {
    mkdirSync(dirname(join(data, name)), { recursive: true, mode: 0o700 });
    writeFileSync(join(data, name), Buffer.from(base64, 'base64'), { mode: 0o600 });
  }
  return facts;
}
