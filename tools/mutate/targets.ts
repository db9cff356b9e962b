import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from './is-record.ts';

/** Which tests have to notice faults in which sources. Paths and globs from the root of the repository. */
export interface Target {
  readonly name: string;
  readonly room: string;
  readonly sources: readonly string[];
  readonly tests: readonly string[];
}

/** One source file with the test files to run against its mutants. */
export interface TargetFile {
  readonly target: Target;
  readonly file: string;
  /** All test files of the target, in the order of the table: the test beside the file first, by itself. */
  readonly rounds: readonly (readonly string[])[];
}

/** @throws Error where the table has another shape, or a line of it finds no file. */
export function readTargets(root: string, table: string): readonly Target[] {
  const rows: unknown = JSON.parse(readFileSync(join(root, table), 'utf8'));
  if (!Array.isArray(rows)) throw new Error(`${table}: a list of targets is expected`);
  const targets = rows.map((row: unknown, index) => parseTarget(row, `${table}, entry ${index}`));
  const names = new Set(targets.map(({ name }) => name));
  if (names.size !== targets.length) throw new Error(`${table}: two targets have one name`);
  return targets;
}

function parseTarget(row: unknown, where: string): Target {
  if (!isRecord(row)) throw new Error(`${where}: an object is expected`);
  const { name, room, sources, tests, ...rest } = row;
  if (Object.keys(rest).length > 0) throw new Error(`${where}: unknown key ${Object.keys(rest).join(', ')}`);
  if (typeof name !== 'string' || typeof room !== 'string' || !isTexts(sources) || !isTexts(tests)) {
    throw new Error(`${where}: name and room are texts, sources and tests are lists of globs`);
  }
  return { name, room, sources, tests };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === 'string');
}

/** @throws Error where a glob finds nothing: a renamed file must not leave the table quietly. */
export function filesOfTarget(root: string, target: Target): readonly TargetFile[] {
  const sources = expand(root, target, 'sources').filter((file) => !file.endsWith('.test.ts'));
  const tests = expand(root, target, 'tests');
  return sources.map((file) => {
    const beside = file.replace(/\.ts$/, '.test.ts');
    const rounds = [tests.filter((test) => test === beside), tests.filter((test) => test !== beside)];
    return { target, file, rounds: rounds.filter((round) => round.length > 0) };
  });
}

function expand(root: string, target: Target, key: 'sources' | 'tests'): readonly string[] {
  const found = target[key].flatMap((glob) => {
    const files = globSync(glob, { cwd: root });
    if (files.length === 0) throw new Error(`target ${target.name}: ${key} ${glob} finds no file`);
    return files.map((file) => file.replaceAll('\\', '/')).toSorted();
  });
  return [...new Set(found)];
}
