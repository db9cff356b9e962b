/** Puts the hash of every script and style into the page, so that Integrity-Policy lets the browser take them. */
import { createHash } from 'node:crypto';
import type { Rolldown } from 'vite';
import { APP_PATH } from './app-path.ts';

type Output = Rolldown.RolldownOutput['output'];
type Chunk = Rolldown.OutputChunk;

/** A part that is loaded later → all files that it needs and the page does not have, with their hashes. */
export type Parts = Readonly<Record<string, readonly (readonly [file: string, integrity: string])[]>>;

/** @param contents of every file of the build, by its name */
export function nameHashes(page: string, output: Output, contents: ReadonlyMap<string, Uint8Array>): string {
  const chunks = new Map(output.flatMap((each) => (each.type === 'chunk' ? [[each.fileName, each] as const] : [])));
  const integrityOf = (file: string): string => {
    const bytes = contents.get(file);
    if (bytes === undefined) throw new Error(`the page names ${file}, which the build did not make`);
    return `sha384-${createHash('sha384').update(bytes).digest('base64')}`;
  };
  const atOnce = new Set(
    [...chunks.values()].filter(({ isEntry }) => isEntry).flatMap((each) => withStatic(each, chunks)),
  );
  const entries = new Set([...chunks.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));

  const parts: Record<string, (readonly [string, string])[]> = {};
  for (const chunk of [...chunks.values()].filter(({ isDynamicEntry }) => isDynamicEntry)) {
    const files = withStatic(chunk, chunks).filter((file) => !atOnce.has(file));
    parts[`${APP_PATH}${chunk.fileName}`] = files.map((file) => [`${APP_PATH}${file}`, integrityOf(file)]);
  }
  const preloads = [...atOnce]
    .filter((file) => !entries.has(file))
    .map(
      (file) => `<link rel="modulepreload" crossorigin href="${APP_PATH}${file}" integrity="${integrityOf(file)}" />`,
    );
  const table = `<script type="application/json" id="parts">${JSON.stringify(sorted(parts))}</script>`;
  return page
    .replaceAll(
      / (src|href)="\/app\/([^"]+\.(?:js|css))"/g,
      (all, _name: string, file: string) => `${all} integrity="${integrityOf(file)}"`,
    )
    .replace('</head>', `${[...preloads.toSorted(), table].map((line) => `  ${line}\n`).join('')}  </head>`);
}

/** Itself and all that it imports, each once. */
function withStatic(chunk: Chunk, chunks: ReadonlyMap<string, Chunk>): readonly string[] {
  const found = new Set<string>();
  const visit = (fileName: string): void => {
    if (found.has(fileName)) return;
    found.add(fileName);
    for (const imported of chunks.get(fileName)?.imports ?? []) visit(imported);
  };
  visit(chunk.fileName);
  return [...found];
}

function sorted(parts: Parts): Parts {
  return Object.fromEntries(Object.entries(parts).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
