import type { Plugin } from 'vite';

/**
 * Integrity-Policy refuses a script whose hash the page does not name, and `import()` cannot name one. So a part that is
 * loaded later goes through `latchkeyPart` (src/boot/load-part.ts), which puts it before the browser with its hash.
 */
export function guardedImports(): Plugin {
  return {
    name: 'latchkey-guarded-imports',
    apply: 'build',
    enforce: 'post',
    renderChunk(code) {
      return code.includes('import(')
        ? { code: code.replaceAll(/\bimport\((?=[`"'])/g, 'latchkeyPart('), map: null }
        : null;
    },
  };
}
