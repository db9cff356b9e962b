import type { Compilable, CompiledQuery } from 'kysely';
import type { Db } from './sqlite.ts';

/** Stands where a value will stand. */
class Place {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * A query of fixed form, built by the query builder once and executed with other values each time: building takes
 * longer than the engine needs for a row. `build` may only put the fields of its input where values stand.
 */
export function frozenQuery<Input extends object, Row>(
  build: (db: Db, input: Input) => Compilable<Row>,
): (db: Db, input: Input) => Promise<readonly Row[]> {
  let frozen: CompiledQuery<Row> | null = null;
  // Whatever field is asked for gives its place; kysely passes values on without looking into them.
  const places = new Proxy({}, { get: (_target, name) => new Place(String(name)) }) as Input;
  return async (db, input) => {
    frozen ??= build(db, places).compile();
    const values = input as Readonly<Record<string, unknown>>;
    const parameters = frozen.parameters.map((value) => (value instanceof Place ? values[value.name] : value));
    const { rows } = await db.executeQuery<Row>({ ...frozen, parameters });
    return rows;
  };
}
