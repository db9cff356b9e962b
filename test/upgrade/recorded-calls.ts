/** Calls of a release as one small file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ROUTE_NAMES, routeNamed, type RouteName } from '../../packages/protocol/src/wire/index.ts';

export interface RecordedCall {
  readonly route: string;
  readonly method: string;
  /** As the table has it, with named parts. */
  readonly path: string;
  /** JSON text; null where the route takes something else. */
  readonly request: string | null;
  readonly status: number;
  /** JSON text; null where the route gives something else and nothing was refused. */
  readonly answer: string | null;
}

export function writeCalls(file: string, calls: readonly RecordedCall[]): void {
  writeFileSync(file, gzipSync(JSON.stringify(calls), { level: 9 }));
}

export function readCalls(file: string): readonly RecordedCall[] {
  return JSON.parse(gunzipSync(readFileSync(file)).toString()) as readonly RecordedCall[];
}

/** The row of the table that answers it. */
export function routeOf(method: string, pathname: string): RouteName | null {
  for (const name of ROUTE_NAMES) {
    const route = routeNamed(name);
    const rest = route.takesRest === true ? '.+' : '[^/]+';
    const form = route.path
      .replaceAll('.', '\\.')
      .replace(/:[a-z]+$/, rest)
      .replaceAll(/:[a-z]+/g, '[^/]+');
    if (route.method === method && new RegExp(`^${form}$`).test(pathname)) return name;
  }
  return null;
}
