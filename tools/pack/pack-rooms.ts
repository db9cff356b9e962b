import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { RoomManifest } from './manifest.ts';
import { stageRoom } from './stage-room.ts';

export interface PackedRoom {
  readonly name: string;
  /** Absolute path. */
  readonly tarball: string;
  readonly sha256: string;
}

export interface PackPlaces {
  /** Root of the repository. */
  readonly root: string;
  /** Emptied, then a folder for each room: what is inside its tarball. */
  readonly stagingDir: string;
  /** Emptied, then a tarball for each room. */
  readonly packagesDir: string;
}

/**
 * Packs every room that is not private.
 * @throws Error where a room cannot be staged, or npm refuses.
 */
export function packRooms({ root, stagingDir, packagesDir }: PackPlaces): readonly PackedRoom[] {
  for (const folder of [stagingDir, packagesDir]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  const staged = publishableRooms(root).map(({ folder, manifest }) => {
    const to = join(stagingDir, basename(folder));
    stageRoom({ manifest, from: join(root, folder), to, root });
    return { name: manifest.name, folder: to };
  });

  // npm sorts the entries, sets one time for all of them and leaves owners out: two packs are byte-equal.
  const npm = process.env['npm_execpath'];
  const [command, first]: [string, readonly string[]] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const args = ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', packagesDir];
  const done = spawnSync(command, [...first, ...args, ...staged.map(({ folder }) => folder)], {
    cwd: stagingDir,
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`npm pack failed: ${done.error?.message ?? done.stderr}`);

  return staged.map(({ name, folder }) => {
    const { version } = readManifest(folder);
    const tarball = join(packagesDir, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
    return { name, tarball, sha256: createHash('sha256').update(readFileSync(tarball)).digest('hex') };
  });
}

function publishableRooms(root: string): readonly { folder: string; manifest: RoomManifest }[] {
  return globSync(['packages/*/package.json', 'apps/*/package.json'], { cwd: root })
    .toSorted()
    .map((path) => ({ folder: dirname(path), manifest: readManifest(join(root, dirname(path))) }))
    .filter(({ manifest }) => manifest.private !== true);
}

function readManifest(folder: string): RoomManifest {
  // Our own file, whose shape tools/check looks at.
  const manifest: RoomManifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return manifest;
}
