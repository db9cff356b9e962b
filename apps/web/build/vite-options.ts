/** How the app is built: static files with hashed names, no code in pages, nothing of the machine that built it. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { InlineConfig, Plugin } from 'vite';
import { APP_PATH } from './app-path.ts';
import { compactDomainClassesPlugin } from './compact-domain-classes.ts';
import { compactDomainTablePlugin } from './compact-domain-table.ts';
import { guardedImports } from './guarded-imports.ts';
import { compactWasmPlugin } from './compact-wasm.ts';
import { withoutRouteTextsPlugin } from './without-route-texts.ts';

/** Our rooms do nothing when they are loaded: what nobody uses of a door stays out, or comes with the part that does. */
const treeshake = {
  moduleSideEffects: [{ test: /\/packages\/(crypto|key-directory|mime|protocol|sdk|tlog)\/src\//, sideEffects: false }],
};

/** What is needed at once comes in one file: each further one costs a head, and is compressed by itself. */
const codeSplitting = {
  includeDependenciesRecursively: false,
  groups: [{ name: 'first', tags: ['$initial' as const] }],
};

export function viteOptions(root: string, outFolder: string): InlineConfig {
  return {
    root,
    base: APP_PATH,
    configFile: false,
    envFile: false,
    publicDir: false,
    logLevel: 'error',
    clearScreen: false,
    plugins: [
      svelte({ configFile: false, compilerOptions: { dev: false, cssHash: ({ hash, css }) => `s${hash(css)}` } }),
      compactDomainTablePlugin(),
      compactDomainClassesPlugin(),
      withoutRouteTextsPlugin(),
      guardedImports(),
    ],
    // A worker cannot be given a hash by any page; what it loads later comes with its name's hash, from the same server.
    worker: {
      format: 'es',
      plugins: (): Plugin[] => [
        compactDomainTablePlugin(),
        compactDomainClassesPlugin(),
        withoutRouteTextsPlugin(),
        compactWasmPlugin(),
      ],
      rolldownOptions: { treeshake, output: { codeSplitting } },
    },
    build: {
      outDir: outFolder,
      emptyOutDir: true,
      target: ['chrome130', 'firefox128', 'safari18'],
      assetsInlineLimit: 0,
      // One style sheet, so that the page names all of them with their hashes.
      cssCodeSplit: false,
      modulePreload: false,
      sourcemap: false,
      reportCompressedSize: false,
      rolldownOptions: { treeshake, output: { codeSplitting } },
    },
  };
}
