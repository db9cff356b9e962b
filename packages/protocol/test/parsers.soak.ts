/**
 * Statements and addresses under random changes of good ones: each is taken, and then written back as it was read, or
 * refused with a listed code, and soon. 30 million inputs in a full run, in equal parts.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fuzz, soakShare, tellSoak, type FuzzTarget } from '@latchkey/testkit';
import { canonicalAddress, displayAddress, formatStatement, parseStatement, ProtocolError } from '../src/index.ts';

const FULL_RUNS = 30_000_000;
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

const targets: readonly FuzzTarget[] = [
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

const seed = Number(process.env['LATCHKEY_SOAK_SEED'] ?? Date.now() % 0xffff_ffff);
for (const target of targets) {
  assert.ok(target.seeds.length > 1);
  const runs = Math.ceil((FULL_RUNS * soakShare()) / targets.length);
  tellSoak({ ...fuzz(target, { runs, seed }), fullRuns: FULL_RUNS / targets.length });
}
