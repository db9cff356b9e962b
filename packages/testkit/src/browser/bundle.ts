import { createHash } from 'node:crypto';
import { build, type BuildFailure } from 'esbuild';
import { TestkitError } from '../errors.ts';

export interface Bundle {
  readonly bytes: Uint8Array;
  /** For a script element's `integrity`. */
  readonly integrity: string;
}

/** The name under which a page's module puts what it exports, for the driver to call. */
export const doorName = 'latchkeyTestDoor';

/**
 * One source file and all it imports, as one module for a browser, in memory.
 * With `asDoor` what the file exports can be called from outside the page.
 *
 * @throws TestkitError `bundle_failed`
 */
export async function bundle(entryPath: string, options: { readonly asDoor?: boolean } = {}): Promise<Bundle> {
  const input = options.asDoor === true ? doorOf(entryPath) : { entryPoints: [entryPath] };
  const result = await build({
    ...input,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
    logLevel: 'silent',
    sourcemap: false,
  }).catch((cause: BuildFailure) => {
    throw new TestkitError('bundle_failed', `${entryPath} does not bundle: ${cause.message}`, { cause });
  });
  const bytes = result.outputFiles[0]?.contents;
  if (bytes === undefined) throw new TestkitError('bundle_failed', `${entryPath} gave no output`);
  return { bytes, integrity: `sha384-${createHash('sha384').update(bytes).digest('base64')}` };
}

function doorOf(entryPath: string) {
  const contents = `import * as door from ${JSON.stringify(entryPath)}; globalThis.${doorName} = door;`;
  return { stdin: { contents, resolveDir: '/', loader: 'ts' as const } };
}
