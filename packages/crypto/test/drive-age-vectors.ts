/**
 * Drives every age vector with one engine and prints the report. A program of its own: the test runner watches
 * every promise of its process, which makes a file that comes byte by byte fifty times slower.
 *
 *     node drive-age-vectors.ts node|noble <bytes up to which files come byte by byte, longer ones at three boundaries>
 */
import { inflateSync } from 'node:zlib';
import * as vectors from 'cctv-age';
import { driveAgeVectors } from '../src/age/vector-driver.ts';
import { nodeEngine } from '../src/engine-node/node-engine.ts';
import { nobleEngine } from '../src/engine/noble-engine.ts';

const [engineName, upToBytes] = process.argv.slice(2);
const engine = [nodeEngine, nobleEngine].find(({ name }) => name === engineName);
if (engine === undefined) throw new Error('name an engine');
const inflate = (bytes: Uint8Array): Uint8Array => inflateSync(bytes);
const report = await driveAgeVectors(engine, {
  vectors,
  inflate,
  byteByByteUpToBytes: Number(upToBytes),
  fewBoundaries: true,
});
process.stdout.write(JSON.stringify(report));
