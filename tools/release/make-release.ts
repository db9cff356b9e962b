import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { builtFolder } from 'latchkey-web/built-folder';
import type { RoomManifest } from '../pack/manifest.ts';
import { stageRoom } from '../pack/stage-room.ts';
import { nodeProgram, type Platform } from './node-program.ts';
import { productionPackages } from './production-packages.ts';
import { releaseEntries } from './release-entries.ts';
import { writeTar } from './write-tar.ts';

export interface ReleaseOptions {
  /** Made if it is not there; must hold nothing yet. */
  readonly out: string;
  readonly platforms: readonly Platform[];
  /** Of gzip, 1 to 9. Default: 9. */
  readonly level?: number;
}

const root = join(import.meta.dirname, '../..');
const ROOMS = ['apps/cli', 'apps/server', 'apps/witness'].map((room) => join(root, room));

/** What `sha256sum --check` reads, and what is signed. */
export const SUMS = 'SHA256SUMS';

/**
 * A tarball for each platform with all that is needed to run there, and their sums. The same source gives the same bytes.
 *
 * @throws Error where something is missing, or `out` holds something
 */
export async function makeRelease({ out, platforms, level = 9 }: ReleaseOptions): Promise<readonly string[]> {
  mkdirSync(out, { recursive: true });
  if (readdirSync(out).length > 0) throw new Error(`${out} is not empty`);
  mkdirSync(join(root, '.build'), { recursive: true });
  const work = mkdtempSync(join(root, '.build/release-'));
  try {
    const sums = await writeTarballs({ out, platforms, level }, work);
    writeFileSync(join(out, SUMS), `${sums.join('\n')}\n`, { mode: 0o644 });
    return sums;
  } finally {
    rmSync(work, { recursive: true });
  }
}

async function writeTarballs(
  { out, platforms, level }: Required<ReleaseOptions>,
  work: string,
): Promise<readonly string[]> {
  const packages = productionPackages(root, ROOMS);
  const stagingDir = join(work, 'staging');
  for (const { folder, isOurs } of packages) {
    if (!isOurs) continue;
    // tools/check has looked at its shape.
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as RoomManifest;
    stageRoom({ manifest, from: folder, to: join(stagingDir, basename(folder)), root, withDeclarations: false });
  }
  const webApp = (await builtFolder()).folder;
  const version = packages.find(({ name }) => name === 'latchkey-server')?.version ?? '';

  const sums: string[] = [];
  for (const platform of platforms) {
    const top = `latchkey-${version}-${platform}`;
    const node = { name: `node-${platform}`, folder: nodeProgram(root, platform, work) };
    const entries = releaseEntries({ root, top, packages, stagingDir, node, webApp });
    const { compressedHash, tarHash } = await writeTar(join(out, `${top}.tar.gz`), entries, level);
    // Another processor may compress to other bytes; what is inside is the same everywhere.
    sums.push(`${compressedHash}  ${top}.tar.gz`, `${tarHash}  ${top}.tar`);
  }
  return sums;
}
