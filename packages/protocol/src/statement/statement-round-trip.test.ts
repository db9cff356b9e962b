import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { anyStatement } from '../../test/arbitrary-statement.ts';
import { ProtocolError } from '../errors.ts';
import { formatStatement } from './format-statement.ts';
import { parseStatement } from './parse-statement.ts';

test('what format writes, parse reads', () => {
  fc.assert(
    fc.property(anyStatement, (statement) => assert.deepEqual(parseStatement(formatStatement(statement)), statement)),
  );
});

test('a changed byte is refused or stands in what format writes', () => {
  fc.assert(
    fc.property(anyStatement, fc.nat(), fc.integer({ min: 0, max: 255 }), (statement, place, byte) => {
      const text = formatStatement(statement);
      const at = place % text.length;
      isRefusedOrWritten(text.slice(0, at) + String.fromCharCode(byte) + text.slice(at + 1));
    }),
    { numRuns: 1000 },
  );
});

test('removed, added, repeated and exchanged bytes are refused or stand in what format writes', () => {
  const pieces = fc.constantFrom('', ' ', '\n', '0', '=', '%', '%41', '+', '\r\n', '\0');
  fc.assert(
    fc.property(anyStatement, fc.nat(), fc.tuple(fc.nat({ max: 3 }), pieces), (statement, place, [removed, piece]) => {
      const text = formatStatement(statement);
      const at = place % (text.length + 1);
      isRefusedOrWritten(text.slice(0, at) + piece + text.slice(at + removed));
    }),
    { numRuns: 1000 },
  );
});

test('lines removed, repeated and exchanged are refused or stand in what format writes', () => {
  fc.assert(
    fc.property(
      anyStatement,
      fc.tuple(fc.nat(), fc.nat()),
      fc.constantFrom('remove', 'repeat', 'exchange'),
      (statement, [a, b], how) => {
        const lines = formatStatement(statement).split('\n');
        const [from, to] = [a % lines.length, b % lines.length];
        const [one, other] = [lines[from]!, lines[to]!];
        if (how === 'remove') lines.splice(from, 1);
        if (how === 'repeat') lines.splice(to, 0, one);
        if (how === 'exchange') {
          lines[from] = other;
          lines[to] = one;
        }
        isRefusedOrWritten(lines.join('\n'));
      },
    ),
    { numRuns: 500 },
  );
});

test('any text is a statement or refused with a code', () => {
  const unit = fc.oneof(fc.constantFrom('latchkey/act/v1\n', 'action ', 'to ', '\n', ' ', '0'), fc.string());
  fc.assert(fc.property(fc.string({ unit, maxLength: 20 }), isRefusedOrWritten));
});

function isRefusedOrWritten(text: string): void {
  try {
    assert.equal(formatStatement(parseStatement(text)), text);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
}
