import ts from 'typescript';
import type { Mutant } from './mutant.ts';
import { faultsAt } from './mutators.ts';

/** Every mutant of one source text, in the order of the text. Each still parses: `mutators.ts` sees to it. */
export function findMutants(file: string, text: string): readonly Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS);
  const lines = text.split('\n');
  const found = new Map<string, Mutant>();

  const visit = (node: ts.Node): void => {
    if (isTypeOnly(node) || isMessage(node)) return;
    for (const { mutator, at, now } of faultsAt(node)) {
      const start = at.getStart(source);
      const end = at.getEnd();
      const line = source.getLineAndCharacterOfPosition(start).line;
      const lineText = (lines[line] ?? '').trim();
      const mutant: Mutant = { file, mutator, start, end, was: text.slice(start, end), now, line: line + 1, lineText };
      found.set(`${start} ${end} ${now}`, mutant);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...found.values()].toSorted((a, b) => a.start - b.start || a.end - b.end);
}

export function applyMutant(text: string, mutant: Pick<Mutant, 'start' | 'end' | 'now'>): string {
  return text.slice(0, mutant.start) + mutant.now + text.slice(mutant.end);
}

/** Types are gone before the tests run, and names of modules and properties are not values. */
function isTypeOnly(node: ts.Node): boolean {
  if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return true;
  const { parent } = node;
  return parent !== undefined && ts.isPropertyAssignment(parent) && parent.name === node;
}

/**
 * Messages are for people and may change (each errors.ts): only the code of an error is looked at. A message is what
 * follows the code in `new …Error(code, message)`, and a text with blanks in `throw refused('the text')`.
 */
function isMessage(node: ts.Node): boolean {
  const { parent } = node;
  if (parent === undefined) return false;
  if (ts.isNewExpression(parent) && ts.isIdentifier(parent.expression) && parent.expression.text.endsWith('Error')) {
    const given = parent.arguments ?? [];
    const position = given.findIndex((argument) => argument === node);
    return given.length === 1 ? position === 0 : position >= 1;
  }
  const isText = ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
  return isText && ts.isCallExpression(parent) && ts.isThrowStatement(parent.parent) && node.getText().includes(' ');
}
