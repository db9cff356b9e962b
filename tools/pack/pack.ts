// npm run pack-all: see README.md beside this file.
import { join, relative } from 'node:path';
import { packRooms } from './pack-rooms.ts';

const root = join(import.meta.dirname, '../..');
const packed = packRooms({ root, stagingDir: join(root, '.build/pack'), packagesDir: join(root, '.build/packages') });
for (const { tarball, sha256 } of packed) console.log(`${sha256}  ${relative(root, tarball)}`);
