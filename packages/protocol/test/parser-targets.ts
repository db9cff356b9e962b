/**
 * Statements and addresses under random changes of good ones: each is taken, and then written back as it was read, or
 * refused with a listed code, and soon.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { FuzzTarget } from '@latchkey/testkit';
import { canonicalAddress, displayAddress, formatStatement, parseStatement, ProtocolError } from '../src/index.ts';

const folder = new URL('../../../vectors/', import.meta.url);

interface Vectors {
  readonly accept: readonly { readonly text?: string; readonly input?: string }[];
}

function acceptedIn(file: string): readonly Uint8Array[] {
  const { accept } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Vectors;
  return accept.map(({ text, input }) => Buffer.from(text ?? input ?? ''));
}

function refusedOr<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

export const parserTargets: readonly FuzzTarget[] = [
  {
    name: 'statement',
    seeds: readdirSync(new URL('statements/', folder)).flatMap((file) => acceptedIn(`statements/${file}`)),
    judge(input) {
      const text = Buffer.from(input).toString('latin1');
      const statement = refusedOr(() => parseStatement(text));
      if (statement === null) return false;
      assert.equal(formatStatement(statement), text);
      return true;
    },
  },
  {
    name: 'address',
    seeds: acceptedIn('addresses/addresses.json'),
    judge(input) {
      const address = refusedOr(() => canonicalAddress(Buffer.from(input).toString()));
      if (address === null) return false;
      assert.equal(canonicalAddress(address), address);
      assert.equal(canonicalAddress(displayAddress(address)), address);
      return true;
    },
  },
];
