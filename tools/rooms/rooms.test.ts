// Plants wrong imports in a copy of the table's world and watches each rule catch its own.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { roomFaults } from './check-rooms.ts';

const root = join(import.meta.dirname, '../..');
const scratch: string[] = [];
after(() => scratch.forEach((folder) => rmSync(folder, { recursive: true })));

/** A small house with the rooms crypto, sdk and cli, and the real rules. */
function house(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-rooms-'));
  scratch.push(folder);
  const manifest = (name: string, exported: Record<string, string>): string =>
    JSON.stringify({ name, type: 'module', exports: exported });
  const all: Record<string, string> = {
    'packages/crypto/package.json': manifest('@latchkey/crypto', {
      '.': './src/index.ts',
      './verify': './src/verify.ts',
    }),
    'packages/crypto/src/index.ts': 'export const open = 1;\n',
    'packages/crypto/src/verify.ts': 'export const verify = 1;\n',
    'packages/crypto/src/inner.ts': 'export const inner = 1;\n',
    'packages/sdk/package.json': manifest('@latchkey/sdk', { './by-hand': './src/by-hand.ts' }),
    'packages/sdk/src/by-hand.ts': "import { open } from '../../crypto/src/index.ts';\nexport const byHand = open;\n",
    'apps/cli/package.json': manifest('latchkey', {}),
    'apps/cli/src/main.ts':
      "import { byHand } from '../../../packages/sdk/src/by-hand.ts';\nexport const main = byHand;\n",
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  mkdirSync(join(folder, 'tools/rooms'), { recursive: true });
  cpSync(join(root, 'tools/rooms.json'), join(folder, 'tools/rooms.json'));
  cpSync(join(root, 'tools/rooms/dependency-cruiser.mjs'), join(folder, 'tools/rooms/dependency-cruiser.mjs'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

function arrows(folder: string): { status: number | null; report: string } {
  const done = spawnSync(
    join(root, 'node_modules/.bin/depcruise'),
    ['--config', 'tools/rooms/dependency-cruiser.mjs', '--output-type', 'err-long', 'packages', 'apps'],
    { cwd: folder, encoding: 'utf8' },
  );
  return { status: done.status, report: done.stdout + done.stderr };
}

describe('arrows', () => {
  it('are quiet in a house in order', () => {
    const { status, report } = arrows(house({}));
    assert.equal(status, 0, report);
  });

  const faults = [
    {
      name: 'cli reaching for crypto is shown the doors it may use',
      files: {
        'apps/cli/src/main.ts':
          "import { open } from '../../../packages/crypto/src/index.ts';\nexport const main = open;\n",
      },
      rule: 'arrow-cli',
      door: 'sdk/by-hand, sdk/client, sdk/mail, host-node, protocol, mime',
    },
    {
      name: 'a room entered beside its doors',
      files: {
        'packages/sdk/src/by-hand.ts':
          "import { inner } from '../../crypto/src/inner.ts';\nexport const byHand = inner;\n",
      },
      rule: 'through-the-door',
      door: 'packages/crypto/src/verify.ts',
    },
    {
      name: 'node:* in a pure room',
      files: {
        'packages/crypto/src/inner.ts': "import { readFileSync } from 'node:fs';\nexport const inner = readFileSync;\n",
      },
      rule: 'pure-rooms-have-no-node',
      door: 'crypto/engine-node',
    },
    {
      name: 'the verifying door reaching code that opens, through another file',
      files: {
        'packages/crypto/src/verify.ts': "import { inner } from './inner.ts';\nexport const verify = inner;\n",
        'packages/crypto/src/inner.ts': "import { open } from './age/open.ts';\nexport const inner = open;\n",
        'packages/crypto/src/age/open.ts': 'export const open = 1;\n',
      },
      rule: 'what-verifies-cannot-open',
      door: 'must not hold code that opens',
    },
    {
      name: 'a circle',
      files: {
        'packages/crypto/src/inner.ts': "import { verify } from './verify.ts';\nexport const inner = verify;\n",
        'packages/crypto/src/verify.ts': "import { inner } from './inner.ts';\nexport const verify = () => inner;\n",
      },
      rule: 'no-circles',
      door: 'Arrows point one way',
    },
  ];
  for (const fault of faults) {
    it(`catch ${fault.name}`, () => {
      const { status, report } = arrows(house(fault.files));
      assert.notEqual(status, 0);
      assert.match(report, new RegExp(`error ${fault.rule}`));
      // err-long wraps its lines.
      assert.ok(report.replaceAll(/\s+/g, ' ').includes(fault.door), report);
    });
  }
});

describe('rooms', () => {
  const readme = '## What it is\n## What it never does\n## Doors\n## Main flow\n## Tests\n';
  const tidy = { 'packages/crypto/README.md': readme, 'packages/sdk/README.md': readme, 'apps/cli/README.md': readme };

  it('are quiet in a house in order', () => assert.deepEqual(roomFaults(house(tidy)), []));

  it('catch a room without README, one with a heading missing, one that is not in the table', () => {
    const faults = roomFaults(
      house({
        'packages/sdk/README.md': readme,
        'apps/cli/README.md': readme.replace('## Doors\n', ''),
        'packages/attic/package.json': '{}',
      }),
    );
    assert.deepEqual(faults, [
      'packages/attic: not in tools/rooms.json; write there what it may import',
      'packages/crypto: has no README.md',
      'apps/cli/README.md: the heading "## Doors" is missing',
    ]);
  });

  it('catch a clock in a pure room, not in its tests or its platform door', () => {
    const clock = 'export const now = (): number => Date.now();\n';
    const faults = roomFaults(
      house({
        ...tidy,
        'packages/crypto/src/inner.ts': clock,
        'packages/crypto/src/inner.test.ts': clock,
        'packages/crypto/src/engine-node/index.ts': clock,
        'apps/cli/src/main.ts': clock,
      }),
    );
    assert.deepEqual(faults, ['packages/crypto/src/inner.ts:1: a pure room has no Date.now; take it as an argument']);
  });
});
