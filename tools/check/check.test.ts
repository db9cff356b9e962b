import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { packageFaults } from './packages.ts';
import { linkFaults, textFaults } from './texts.ts';

describe('packages', () => {
  const lock = { packages: {} };
  const manifest = (extra: object): Map<string, { name: string }> =>
    new Map([['package.json', { name: 'x', ...extra }]]);

  it('accept exact, described, hashed dependencies', () => {
    const good = {
      packages: {
        'node_modules/a': { integrity: 'sha512-aa' },
        'packages/x': {},
        'node_modules/x': { link: true, resolved: 'packages/x' },
      },
    };
    assert.deepEqual(packageFaults(manifest({ dependencies: { a: '1.2.3' } }), good, 'the package `a` does'), []);
  });

  it('catch a range', () => {
    assert.match(
      packageFaults(manifest({ devDependencies: { a: '^1.2.3' } }), lock, '').join(),
      /pin one exact version/,
    );
  });

  it('catch a shipped dependency without its paragraph, but not one of ours or of development', () => {
    const faults = packageFaults(
      manifest({ dependencies: { a: '1.2.3', x: '0.1.0' }, devDependencies: { b: '1.0.0' } }),
      lock,
      '',
    );
    assert.deepEqual(faults, ['docs/dependencies.md: no paragraph for a, which package.json ships']);
  });

  it('catch an install script in the depths of what ships, of a tool that is excused elsewhere too', () => {
    const hash = { integrity: 'sha512-aa' };
    const deep = {
      packages: {
        'node_modules/ours': { link: true, resolved: 'packages/ours' },
        'packages/ours': { dependencies: { a: '1.2.3' } },
        'node_modules/a': { ...hash, dependencies: { b: '^1.0.0' } },
        'node_modules/a/node_modules/b': { ...hash, optionalDependencies: { esbuild: '*', missing: '*' } },
        'node_modules/esbuild': { ...hash, hasInstallScript: true, dependencies: { a: '*' } },
      },
    };
    const rooms = new Map([
      ['packages/ours/package.json', { name: 'ours', dependencies: { a: '1.2.3' } }],
      ['apps/x/package.json', { name: 'x', dependencies: { ours: '0.1.0' } }],
      ['apps/tests/package.json', { name: 'tests', private: true, dependencies: { esbuild: '1.0.0' } }],
    ]);
    assert.deepEqual(packageFaults(rooms, deep, '`a`'), [
      'package-lock.json: node_modules/esbuild has an install script, and packages/ours/package.json ships it',
      'package-lock.json: node_modules/esbuild has an install script, and apps/x/package.json ships it',
    ]);
  });

  it('catch an install script, a download address and a missing hash in the lock file', () => {
    const bad = {
      packages: { 'node_modules/a': { hasInstallScript: true, resolved: 'https://registry.example/a.tgz' } },
    };
    assert.equal(packageFaults(manifest({}), bad, '').length, 3);
  });
});

describe('texts', () => {
  it('catch what was left open, a path of one machine, a lonely test, an empty name', () => {
    assert.equal(textFaults('a.ts', `// ${'TO' + 'DO'}: later`).length, 1);
    assert.equal(textFaults('a.ts', `const x = '${['', 'home', 'alice', 'x'].join('/')}'`).length, 1);
    assert.equal(textFaults('a.test.ts', `${'it' + '.only'}('x')`).length, 1);
    assert.equal(textFaults('src/utils/a.ts', '').length, 1);
    assert.equal(textFaults('src/worker/a.ts', 'import "./worker/b.ts"').length, 0);
  });

  it('catch links that lead nowhere, and leave addresses and anchors alone', () => {
    const text = '[a](b.md) [c](../d.md#e) [f](https://example.org) [g](#h)';
    assert.deepEqual(
      linkFaults('docs/x.md', text, (path) => path === 'docs/b.md'),
      ['docs/x.md: the link to ../d.md leads nowhere'],
    );
  });
});
