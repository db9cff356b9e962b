import { ROUTE_NAMES, routeNamed, type RouteName } from '../../packages/protocol/src/wire/index.ts';

/** The routes of the table that were called, from the bytes of HTTP requests as they went over the line. */
export function routesCalled(requests: readonly Buffer[]): ReadonlySet<RouteName> {
  const calls = new Set<string>();
  for (const bytes of requests) {
    const lines = bytes.toString('latin1').matchAll(/(?:^|[^\w])(GET|POST|PUT) (\/\S*) HTTP\/1\.1\r\n/g);
    for (const [, method = '', path = ''] of lines) calls.add(`${method} ${path}`);
  }
  return new Set(
    ROUTE_NAMES.filter((name) => {
      const { method, path, takesRest } = routeNamed(name);
      const rest = takesRest === true ? '.+' : '[^/]+';
      const form = new RegExp(
        `^${method} ${path
          .replaceAll('.', '\\.')
          .replace(/:[a-z]+$/, rest)
          .replaceAll(/:[a-z]+/g, '[^/]+')}$`,
      );
      return [...calls].some((call) => form.test(call));
    }),
  );
}
