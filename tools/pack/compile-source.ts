import { posix } from 'node:path';
import ts from 'typescript';

export interface CompiledSource {
  /** The file as JavaScript, with every relative name ending in `.js`. */
  readonly javascript: string;
  /** Null where nobody imports the package. */
  readonly declarations: string | null;
  /** The files of the same package that it names: imports, workers, data. Paths from the root of the package. */
  readonly needs: readonly string[];
}

export interface SourceToCompile {
  /** Path from the root of the package, with forward slashes. */
  readonly file: string;
  readonly text: string;
  readonly withDeclarations: boolean;
  /** Where the file lies, for folders whose declarations have to be inferred (`tsconfig.wire.json`). */
  readonly inferFrom?: string;
}

interface Name {
  readonly literal: ts.StringLiteralLike;
  readonly target: string;
}

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  strict: true,
};

const declarationOptions: ts.CompilerOptions = { ...compilerOptions, declaration: true, isolatedDeclarations: true };

/**
 * Compiles one file by itself, which `isolatedDeclarations` and `erasableSyntaxOnly` make possible; the types were
 * checked by `npm run check`.
 *
 * Names ending in `.ts` are changed in the text before it is compiled rather than by
 * `rewriteRelativeImportExtensions`, which leaves `new URL('./worker.ts', import.meta.url)` and declarations alone.
 *
 * @throws Error where the file cannot be compiled, or names a `.ts` file in a way that would stay.
 */
export function compileSource({ file, text, withDeclarations, inferFrom }: SourceToCompile): CompiledSource {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2024, true, ts.ScriptKind.TS);
  const names = namesIn(source);
  const changed = changeNames(text, names);
  const options = { fileName: file, reportDiagnostics: true };
  const code = ts.transpileModule(changed, { ...options, compilerOptions });
  const declared = !withDeclarations
    ? null
    : inferFrom === undefined
      ? ts.transpileDeclaration(changed, { ...options, compilerOptions: declarationOptions })
      : { outputText: inferDeclarations(inferFrom), diagnostics: [] };
  const problems = [...(code.diagnostics ?? []), ...(declared?.diagnostics ?? [])];
  if (problems.length > 0) {
    const words = problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    throw new Error(`${file}: ${words.join('\n')}`);
  }
  refuseLeftOverNames(file, source, names);
  return {
    javascript: code.outputText,
    declarations: declared?.outputText ?? null,
    needs: [...new Set(names.map(({ target }) => posix.join(posix.dirname(file), target)))],
  };
}

/** Types that come from schemas are not written down; the whole program has to be read for them. */
function inferDeclarations(path: string): string {
  const program = ts.createProgram([path], {
    ...compilerOptions,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ['lib.es2024.d.ts'],
    types: [],
    rewriteRelativeImportExtensions: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    declaration: true,
    emitDeclarationOnly: true,
  });
  let text: string | null = null;
  const emitted = program.emit(program.getSourceFile(path), (_name, written) => (text = written), undefined, true);
  if (text === null || emitted.diagnostics.length > 0) throw new Error(`${path}: no declarations could be inferred`);
  const source = ts.createSourceFile('inferred.d.ts', text, ts.ScriptTarget.ES2024, true, ts.ScriptKind.TS);
  return changeNames(text, namesIn(source));
}

/** Relative names of modules, and of files beside this one (`new URL('./worker.ts', import.meta.url)`). */
function namesIn(source: ts.SourceFile): readonly Name[] {
  const names: Name[] = [];
  const take = (node: ts.Node | undefined): void => {
    if (node === undefined || !ts.isStringLiteralLike(node)) return;
    if (/^\.\.?\//.test(node.text)) names.push({ literal: node, target: node.text });
  };
  const takeUrl = (node: ts.Node | undefined): void => {
    if (node !== undefined && ts.isConditionalExpression(node)) {
      // `packed ? './worker.js' : './worker.ts'`: the second is the file that there is.
      for (const branch of [node.whenTrue, node.whenFalse]) if (!branch.getText().endsWith(".js'")) take(branch);
    } else {
      take(node);
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) take(node.moduleSpecifier);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) take(node.arguments[0]);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) take(node.argument.literal);
    else if (isUrlBesideThisFile(node)) takeUrl(node.arguments?.[0]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

function isUrlBesideThisFile(node: ts.Node): node is ts.NewExpression {
  return (
    ts.isNewExpression(node) &&
    node.expression.getText() === 'URL' &&
    node.arguments?.[1]?.getText() === 'import.meta.url'
  );
}

function changeNames(text: string, names: readonly Name[]): string {
  let changed = text;
  for (const { literal } of names.toSorted((a, b) => b.literal.pos - a.literal.pos)) {
    const start = literal.getStart();
    const quoted = changed.slice(start, literal.end).replace(/\.ts(['"`])$/, '.js$1');
    changed = changed.slice(0, start) + quoted + changed.slice(literal.end);
  }
  return changed;
}

function refuseLeftOverNames(file: string, source: ts.SourceFile, names: readonly Name[]): void {
  const known = new Set<ts.Node>(names.map(({ literal }) => literal));
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && /^[\w./-]+\.ts$/.test(node.text) && !known.has(node)) {
      throw new Error(`${file}: "${node.text}" is not there when packed; write new URL('./name.ts', import.meta.url)`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}
