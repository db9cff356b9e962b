// Plain JavaScript that an old Node can parse: it says what is wrong instead of failing on the first type.
import { existsSync } from 'node:fs';

const neededMajor = 24;
const major = Number(process.versions.node.split('.')[0]);
if (major < neededMajor) {
  process.stderr.write(
    `latchkey-witness: Node ${neededMajor} or newer is needed; this is ${process.versions.node}. [node_too_old]\n`,
  );
  process.exit(8);
}
const source = new URL('../src/main.ts', import.meta.url);
const { main } = await import(existsSync(source) ? source.href : new URL('../dist/main.js', import.meta.url).href);
process.exitCode = await main(process.argv.slice(2));
