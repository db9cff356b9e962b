import ts from 'typescript';
import type { MutatorName } from './mutant.ts';

/** A fault at one node. `at` is the node whose text is replaced; it may be smaller than the node visited. */
interface Fault {
  readonly mutator: MutatorName;
  readonly at: ts.Node;
  readonly now: string;
}

const comparisons = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
]);

const logicals = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.AmpersandAmpersandToken, '||'],
  [ts.SyntaxKind.BarBarToken, '&&'],
]);

const arithmetics = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.PlusToken, '-'],
  [ts.SyntaxKind.MinusToken, '+'],
  [ts.SyntaxKind.AsteriskToken, '/'],
  [ts.SyntaxKind.SlashToken, '*'],
  [ts.SyntaxKind.PercentToken, '*'],
  [ts.SyntaxKind.LessThanLessThanToken, '>>'],
  [ts.SyntaxKind.GreaterThanGreaterThanToken, '<<'],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken, '<<'],
  [ts.SyntaxKind.AmpersandToken, '|'],
  [ts.SyntaxKind.BarToken, '&'],
  [ts.SyntaxKind.CaretToken, '&'],
  [ts.SyntaxKind.PlusEqualsToken, '-='],
  [ts.SyntaxKind.MinusEqualsToken, '+='],
  [ts.SyntaxKind.BarEqualsToken, '&='],
  [ts.SyntaxKind.CaretEqualsToken, '&='],
]);

const arithmeticTexts = { [ts.SyntaxKind.PlusPlusToken]: '--', [ts.SyntaxKind.MinusMinusToken]: '++' };

/** Every fault to try at this node alone; the caller walks the tree. */
export function faultsAt(node: ts.Node): readonly Fault[] {
  if (ts.isBinaryExpression(node)) return binaryFaults(node);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return unaryFaults(node);
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node))
    return conditionFaults(node.expression);
  if (ts.isForStatement(node)) return node.condition === undefined ? [] : conditionFaults(node.condition);
  if (ts.isConditionalExpression(node)) return conditionFaults(node.condition);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [{ mutator: 'boolean', at: node, now: 'false' }];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [{ mutator: 'boolean', at: node, now: 'true' }];
  if (ts.isNumericLiteral(node) || ts.isBigIntLiteral(node)) return numberFaults(node);
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return stringFaults(node);
  if (ts.isTemplateExpression(node)) return [{ mutator: 'string', at: node, now: "''" }];
  if (ts.isRegularExpressionLiteral(node)) return regexFaults(node);
  if (isDeletable(node)) return [{ mutator: 'delete-statement', at: node, now: ';' }];
  return [];
}

function binaryFaults(node: ts.BinaryExpression): readonly Fault[] {
  const operator = node.operatorToken;
  const comparison = comparisons.get(operator.kind);
  if (comparison !== undefined) return [{ mutator: 'comparison', at: operator, now: comparison }];
  const logical = logicals.get(operator.kind);
  if (logical !== undefined) return [{ mutator: 'logical', at: operator, now: logical }];
  const arithmetic = arithmetics.get(operator.kind);
  if (arithmetic === undefined || (operator.kind === ts.SyntaxKind.PlusToken && joinsText(node))) return [];
  return [{ mutator: 'arithmetic', at: operator, now: arithmetic }];
}

/** `'a' + b`: a minus there is not a fault anybody makes. */
function joinsText(node: ts.Expression): boolean {
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) return true;
  return ts.isBinaryExpression(node) && (joinsText(node.left) || joinsText(node.right));
}

function unaryFaults(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): readonly Fault[] {
  const text = node.operand.getText();
  if (node.operator === ts.SyntaxKind.ExclamationToken) return [{ mutator: 'negate-condition', at: node, now: text }];
  if (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken) {
    const other = arithmeticTexts[node.operator];
    return [{ mutator: 'arithmetic', at: node, now: ts.isPrefixUnaryExpression(node) ? other + text : text + other }];
  }
  // The literal behind a minus is changed by its own fault.
  if (node.operator === ts.SyntaxKind.MinusToken || node.operator === ts.SyntaxKind.TildeToken) {
    return [{ mutator: 'arithmetic', at: node, now: text }];
  }
  return [];
}

function conditionFaults(condition: ts.Expression): readonly Fault[] {
  // `a === b` and `!a` already have the same fault as an operator.
  if (ts.isPrefixUnaryExpression(condition) && condition.operator === ts.SyntaxKind.ExclamationToken) return [];
  if (ts.isBinaryExpression(condition)) {
    const swapped = comparisons.get(condition.operatorToken.kind);
    if (swapped === '===' || swapped === '!==') return [];
  }
  if (condition.kind === ts.SyntaxKind.TrueKeyword || condition.kind === ts.SyntaxKind.FalseKeyword) return [];
  return [{ mutator: 'negate-condition', at: condition, now: `!(${condition.getText()})` }];
}

function numberFaults(node: ts.NumericLiteral | ts.BigIntLiteral): readonly Fault[] {
  const big = ts.isBigIntLiteral(node);
  const value = big ? BigInt(node.text.replace(/n$/, '')) : Number(node.text);
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return [];
  const suffix = big ? 'n' : '';
  const more = typeof value === 'bigint' ? value + 1n : value + 1;
  const less = typeof value === 'bigint' ? value - 1n : value - 1;
  const faults: Fault[] = [{ mutator: 'number', at: node, now: `${more}${suffix}` }];
  if (less >= 0) faults.push({ mutator: 'number', at: node, now: `${less}${suffix}` });
  return faults;
}

function stringFaults(node: ts.StringLiteral | ts.NoSubstitutionTemplateLiteral): readonly Fault[] {
  return [{ mutator: 'string', at: node, now: node.text === '' ? "'x'" : "''" }];
}

function regexFaults(node: ts.RegularExpressionLiteral): readonly Fault[] {
  const text = node.getText();
  const end = text.lastIndexOf('/');
  const body = text.slice(1, end);
  const flags = text.slice(end);
  const bodies = new Set<string>();
  if (body.startsWith('^')) bodies.add(body.slice(1));
  if (body.endsWith('$') && !body.endsWith('\\$')) bodies.add(body.slice(0, -1));
  for (const found of body.matchAll(/\{(\d+)(,?)(\d*)\}/g)) {
    const [whole, low = '', comma = '', high = ''] = found;
    const put = (count: string): void => {
      bodies.add(body.slice(0, found.index) + count + body.slice(found.index + whole.length));
    };
    put(`{${Number(low) + 1}${comma}${high}}`);
    if (high !== '') put(`{${low}${comma}${Number(high) + 1}}`);
  }
  for (const found of body.matchAll(/(?<!\\)\[(\^?)/g)) {
    const negated = found[1] === '^';
    bodies.add(`${body.slice(0, found.index)}[${negated ? '' : '^'}${body.slice(found.index + found[0].length)}`);
  }
  for (const found of body.matchAll(/(?<=[\])\w])[+*]/g)) {
    bodies.add(body.slice(0, found.index) + (found[0] === '+' ? '*' : '+') + body.slice(found.index + 1));
  }
  bodies.delete('');
  return [...bodies]
    .filter((changed) => isRegex(changed, flags.slice(1)))
    .map((changed) => ({ mutator: 'regex', at: node, now: `/${changed}${flags}` }));
}

function isRegex(body: string, flags: string): boolean {
  try {
    return new RegExp(body, flags) instanceof RegExp;
  } catch {
    return false;
  }
}

const constantKinds = new Set([
  ts.SyntaxKind.NullKeyword,
  ts.SyntaxKind.TrueKeyword,
  ts.SyntaxKind.FalseKeyword,
  ts.SyntaxKind.StringLiteral,
  ts.SyntaxKind.NumericLiteral,
]);

function isDeletable(node: ts.Node): boolean {
  if (ts.isThrowStatement(node) || ts.isContinueStatement(node) || ts.isBreakStatement(node)) return true;
  if (ts.isExpressionStatement(node)) {
    const { expression } = node;
    // A directive, and `super()`, without which no object is made.
    if (ts.isStringLiteral(expression)) return false;
    return !(ts.isCallExpression(expression) && expression.expression.kind === ts.SyntaxKind.SuperKeyword);
  }
  if (!ts.isReturnStatement(node)) return false;
  const value = node.expression;
  return value === undefined || constantKinds.has(value.kind) || (ts.isIdentifier(value) && value.text === 'undefined');
}
