import { limits } from '@latchkey/protocol/wire';

/** A schema as valibot builds it: plain data beside its functions. */
interface SchemaFacts {
  readonly type: string;
  readonly pipe?: readonly SchemaFacts[];
  readonly requirement?: unknown;
  readonly entries?: Readonly<Record<string, SchemaFacts>>;
  readonly item?: SchemaFacts;
  readonly wrapped?: SchemaFacts;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
}

const known = new WeakMap<object, number>();

/**
 * More bytes of JSON than any value of this schema can have, so that an answer can be cut off while it is read. Text
 * counts six bytes for each of its characters (`\u0000`), numbers 24; what has no bound of its own counts as the
 * largest answer there is. Room for white space is the same again.
 */
export function mostBytesOf(schema: object): number {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const most = Math.min(limits.MAX_LARGE_BODY_BYTES, 256 + 2 * count(schema as SchemaFacts));
  known.set(schema, most);
  return most;
}

function count(schema: SchemaFacts): number {
  switch (schema.type) {
    case 'strict_object':
      return sum(Object.entries(schema.entries ?? {}).map(([name, entry]) => name.length + 4 + count(entry)));
    case 'array':
      return maxLength(schema) * (1 + (schema.item === undefined ? Infinity : count(schema.item)));
    case 'variant':
    case 'union':
      return Math.max(0, ...(schema.options ?? []).map((option) => count(option as SchemaFacts)));
    case 'nullable':
    case 'optional':
      return Math.max(4, schema.wrapped === undefined ? Infinity : count(schema.wrapped));
    case 'picklist':
      return Math.max(0, ...(schema.options ?? []).map((option) => 2 + 6 * String(option).length));
    case 'literal':
      return 2 + 6 * String(schema.literal).length;
    case 'string':
      return 2 + 6 * maxLength(schema);
    case 'number':
      return 24;
    case 'boolean':
      return 5;
    default:
      return Infinity;
  }
}

/** The first one: a length that is asked for behind a transformation is not of the text. A pipe may lead another. */
function maxLength({ pipe = [] }: SchemaFacts): number {
  for (const step of pipe) {
    if (step.type === 'max_length' && typeof step.requirement === 'number') return step.requirement;
    const inside = maxLength(step);
    if (inside !== Infinity) return inside;
  }
  return Infinity;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 2);
}
