// npm run release -- --out DIR [--platform linux-x64]… [--sign KEY]: see README.md beside this file.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeRelease } from './make-release.ts';
import { PLATFORMS, type Platform } from './node-program.ts';
import { signSums } from './sign-sums.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    platform: { type: 'string', multiple: true },
    sign: { type: 'string' },
    level: { type: 'string' },
  },
});
const isPlatform = (name: string): name is Platform => (PLATFORMS as readonly string[]).includes(name);
const platforms = values.platform ?? [...PLATFORMS];
const level = /^[1-9]$/.test(values.level ?? '9') ? Number(values.level ?? 9) : null;

if (values.out === undefined || !platforms.every(isPlatform) || level === null) {
  console.error(
    `usage: npm run release -- --out DIR [--platform ${PLATFORMS.join('|')}]… [--sign SSH-KEY] [--level 1-9]`,
  );
  process.exitCode = 2;
} else {
  // npm runs this in the root of the repository; INIT_CWD is where it was called.
  const from = process.env['INIT_CWD'] ?? process.cwd();
  const out = resolve(from, values.out);
  for (const line of await makeRelease({ out, platforms, level })) console.log(line);
  if (values.sign === undefined) console.log('Not signed: nobody can tell yet from whom these sums are.');
  else console.log(`Signed: ${signSums(out, resolve(from, values.sign))}`);
}
