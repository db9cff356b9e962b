/** The route of this page, with the browser's own history behind it. */
import { formatRoute, parseRoute, type Route } from './routes.ts';

class Router {
  route: Route = $state.raw(parseRoute(location.hash));

  constructor() {
    addEventListener('popstate', () => (this.route = parseRoute(location.hash)));
  }
}

const router: Router = new Router();

export function here(): Route {
  return router.route;
}

/** `replace`: takes the place of the present entry, so that "back" does not come here again. */
export function goTo(route: Route, { replace = false }: { readonly replace?: boolean } = {}): void {
  const fragment = formatRoute(route);
  if (fragment !== location.hash) history[replace ? 'replaceState' : 'pushState'](null, '', fragment);
  router.route = route;
}
