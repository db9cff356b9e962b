import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { TlogError } from '../errors.ts';
import { formatTilePath, parseTilePath, type TileName } from './tile-path.ts';

const examples: readonly [string, TileName][] = [
  ['tile/0/000', { level: 0, index: 0, width: 256 }],
  ['tile/0/000.p/1', { level: 0, index: 0, width: 1 }],
  ['tile/63/999.p/255', { level: 63, index: 999, width: 255 }],
  ['tile/1/x001/000', { level: 1, index: 1000, width: 256 }],
  ['tile/2/x001/x234/067', { level: 2, index: 1_234_067, width: 256 }],
  ['tile/entries/x001/x234/067.p/8', { level: 'entries', index: 1_234_067, width: 8 }],
  ['tile/0/x009/x007/x199/x254/x740/991', { level: 0, index: Number.MAX_SAFE_INTEGER, width: 256 }],
];

for (const [path, name] of examples) {
  test(`a path: ${path}`, () => {
    assert.equal(formatTilePath(name), path);
    assert.deepEqual(parseTilePath(path), name);
  });
}

const tileName: fc.Arbitrary<TileName> = fc.record(
  {
    level: fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 })),
    index: fc.oneof(fc.nat(1_000_000), fc.maxSafeNat()),
    width: fc.integer({ min: 1, max: 256 }),
  },
  { noNullPrototype: true },
);

test('what format writes, parse reads', () => {
  fc.assert(fc.property(tileName, (name) => assert.deepEqual(parseTilePath(formatTilePath(name)), name)));
});

test('a changed path is refused or is what format writes', () => {
  fc.assert(
    fc.property(tileName, fc.nat(), fc.constantFrom('', '0', '9', 'x', '/', '.p/', '.', 'é'), (name, place, put) => {
      const path = formatTilePath(name);
      const at = place % path.length;
      const changed = path.slice(0, at) + put + path.slice(at + 1);
      try {
        assert.equal(formatTilePath(parseTilePath(changed)), changed);
      } catch (error) {
        if (!(error instanceof TlogError)) throw error;
        assert.equal(error.code, 'tile_path_malformed');
      }
    }),
    { numRuns: 1000 },
  );
});

for (const path of [
  '',
  '/tile/0/000',
  'tile/0/000/',
  'tile/0/0',
  'tile/0/0000',
  'tile/00/000',
  'tile/01/000',
  'tile/64/000',
  'tile/-1/000',
  'tile/data/000',
  'tile/0/001/067',
  'tile/0/x001',
  'tile/0/x000/067',
  'tile/0/x000/x001/067',
  'tile/0/X001/067',
  'tile/0/000.p/0',
  'tile/0/000.p/01',
  'tile/0/000.p/256',
  'tile/0/000.p/257',
  'tile/0/000.p/999',
  'tile/0/000.p',
  'tile/0/000.p/',
  'tile/0/000.p/1/',
  'tile/0/000\n',
  'tile/0/x009/x007/x199/x254/x740/992',
  `tile/0/${'x001/'.repeat(20)}000`,
]) {
  test(`no path: ${JSON.stringify(path)}`, () => {
    assert.throws(() => parseTilePath(path), { name: 'TlogError', code: 'tile_path_malformed' });
  });
}

for (const name of [
  { level: 64, index: 0, width: 1 },
  { level: -1, index: 0, width: 1 },
  { level: 0.5, index: 0, width: 1 },
  { level: 0, index: -1, width: 1 },
  { level: 0, index: 2 ** 53, width: 1 },
  { level: 0, index: 0, width: 0 },
  { level: 0, index: 0, width: 257 },
  { level: 0, index: 0, width: 1.5 },
]) {
  test(`not written: ${JSON.stringify(name)}`, () => {
    assert.throws(() => formatTilePath(name), { name: 'TlogError', code: 'argument_invalid' });
  });
}
