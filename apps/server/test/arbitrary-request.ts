/** Requests made from a route's own schema: good ones, and good ones with one thing wrong. */
import { randomBytes } from 'node:crypto';
import { encodeBytes, isShortHeader } from '@latchkey/protocol/wire';
import fc from 'fast-check';
import type * as v from 'valibot';
import { randomHeader } from '../src/testing/index.ts';

interface Action {
  readonly type: string;
  readonly requirement?: unknown;
  readonly pipe?: readonly Action[];
}

interface AnySchema {
  readonly type: string;
  readonly pipe?: readonly Action[];
  readonly entries?: Readonly<Record<string, AnySchema>>;
  readonly item?: AnySchema;
  readonly wrapped?: AnySchema;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
}

export function arbitraryRequest(schema: v.GenericSchema): fc.Arbitrary<unknown> {
  return arbitrary(schema);
}

/** Good bodies, the same for the same seed but for random bytes. */
export function sampleBodies(schema: v.GenericSchema, { count, seed }: { count: number; seed: number }): Uint8Array[] {
  return fc.sample(arbitrary(schema), { numRuns: count, seed }).map((body) => Buffer.from(JSON.stringify(body)));
}

function arbitrary(schema: AnySchema): fc.Arbitrary<unknown> {
  switch (schema.type) {
    case 'strict_object':
      return fc.record(
        Object.fromEntries(Object.entries(schema.entries ?? {}).map(([name, each]) => [name, arbitrary(each)])),
      );
    case 'array': {
      const minLength = Number(requirement(schema, 'min_length') ?? 0);
      const maxLength = Math.min(Number(requirement(schema, 'max_length') ?? 3), minLength + 3);
      return fc.array(arbitrary(need(schema.item)), { minLength, maxLength });
    }
    case 'nullable':
      return fc.option(arbitrary(need(schema.wrapped)), { nil: null });
    case 'union':
      return fc.oneof(...(schema.options ?? []).map((option) => arbitrary(option as AnySchema)));
    case 'boolean':
      return fc.boolean();
    case 'literal':
      return fc.constant(schema.literal);
    case 'picklist':
      return fc.constantFrom(...(schema.options ?? []));
    case 'number': {
      const min = Number(requirement(schema, 'min_value') ?? 0);
      const max = Number(requirement(schema, 'max_value') ?? Number.MAX_SAFE_INTEGER);
      return fc.oneof(fc.integer({ min, max: Math.min(max, min + 5) }), fc.constantFrom(min, max));
    }
    case 'string':
      return text(schema);
    default:
      throw new Error(`no arbitrary for the schema ${schema.type}: add one`);
  }
}

function text(schema: AnySchema): fc.Arbitrary<unknown> {
  const maxChars = Number(requirement(schema, 'max_length') ?? 64);
  if (requirement(schema, 'check') === isShortHeader) return fc.constant(null).map(() => encodeBytes(randomHeader()));
  if (actions(schema).some((action) => action.type === 'raw_transform')) {
    const maxBytes = Math.floor((maxChars * 3) / 4);
    // Fixed lengths take the first, ranges both.
    return fc
      .constantFrom(maxBytes, Math.min(maxBytes, 300))
      .map((length) => randomBytes(length).toString('base64url'));
  }
  const regex = requirement(schema, 'regex');
  const pattern = regex instanceof RegExp ? regex.source : '';
  if (pattern.includes('@'))
    return fc.constantFrom('alice@localhost', 'nobody@localhost', 'bob@example.org', 'a..b@localhost', '+@-');
  return fc
    .constantFrom(1, 43, Math.min(maxChars, 600))
    .map((length) => randomBytes(length).toString('base64url').slice(0, length));
}

function requirement(schema: AnySchema, type: string): unknown {
  return actions(schema).find((action) => action.type === type)?.requirement;
}

/** A pipe's first member may be a pipe itself. */
function actions(schema: Pick<AnySchema, 'pipe'>): readonly Action[] {
  return (schema.pipe ?? []).flatMap((each) => (each === schema ? [each] : [each, ...actions(each)]));
}

function need(schema: AnySchema | undefined): AnySchema {
  if (schema === undefined) throw new Error('the schema has no inner schema');
  return schema;
}

const odd = fc.constantFrom<unknown>(
  null,
  '',
  'x'.repeat(3_000),
  -1,
  0.5,
  2 ** 53,
  1e308,
  true,
  [],
  {},
  [[[[]]]],
  'alice@localhost\n',
  '\u0000',
  '../../etc/passwd',
  "' or 1=1 --",
  { $ne: 1 },
  'AAAA=',
);

/** One field of a good request replaced, taken away or added. */
export function spoiled(good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(good, odd, fc.nat(), fc.constantFrom('replace', 'remove', 'add'))
    .map(([request, value, place, how]) => {
      if (typeof request !== 'object' || request === null || Array.isArray(request)) return value;
      const names = Object.keys(request);
      const name = names[place % Math.max(1, names.length)];
      const changed: Record<string, unknown> = { ...request };
      if (how === 'add' || name === undefined) changed['surplus'] = value;
      else if (how === 'remove') delete changed[name];
      else changed[name] = value;
      return changed;
    });
}
