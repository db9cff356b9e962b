// Rules for words: nothing left open, no path or host of the machine that somebody worked on, links that lead
// somewhere, names that tell their content.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const emptyNames = /(^|\/)(utils?|helpers?|common|misc)(\.|\/|$)/;
// Written so that this file does not catch itself.
const leftOpen = /\b(TO[D]O|FIX[M]E|XX[X])\b|@ts-(ign[o]re|noch[e]ck)/;
const ownMachine = /(^|[^A-Za-z0-9_.~])\/(work|farm|home\/[a-z]+|Users\/[A-Za-z]+)\//;
const onlyOne = /\b(test|it|describe)\.only\(/;

/** Faults of one file, each with its line. */
export function textFaults(file: string, text: string): string[] {
  const faults: string[] = [];
  if (emptyNames.test(file)) faults.push(`${file}: this name tells nothing about the content`);
  text.split('\n').forEach((line, index) => {
    const at = `${file}:${index + 1}`;
    if (leftOpen.test(line)) faults.push(`${at}: left open`);
    if (ownMachine.test(line)) faults.push(`${at}: a path of one machine`);
    if (onlyOne.test(line)) faults.push(`${at}: only this test would run`);
  });
  return faults;
}

/** Relative links of a Markdown file that lead nowhere. */
export function linkFaults(file: string, text: string, exists: (path: string) => boolean): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => (match[1] ?? '').split('#')[0] ?? '')
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
    .filter((target) => !exists(normalize(join(dirname(file), target))))
    .map((target) => `${file}: the link to ${target} leads nowhere`);
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '../..');
  const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  const files = tracked.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
  const faults = files
    .filter(
      (file) => /\.(ts|mjs|md|json|sh|svelte|css|html|py|go|toml)$|^\.ci\//.test(file) && file !== 'package-lock.json',
    )
    .filter((file) => !file.includes('/fixtures/'))
    .flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const links = file.endsWith('.md') ? linkFaults(file, text, (path) => existsSync(join(root, path))) : [];
      return [...textFaults(file, text), ...links];
    });
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
