/** The route table: every call there is, by name. */
import type { Route } from '../route.ts';
import { accountRoutes } from './account.ts';
import { blobsRoutes } from './blobs.ts';
import { eventsRoutes } from './events.ts';
import { keyLogRoutes } from './key-log.ts';
import { loginRoutes } from './login.ts';
import { mailRoutes } from './mail.ts';
import { metaRoutes } from './meta.ts';
import { registerRoutes } from './register.ts';
import { reportsRoutes } from './reports.ts';
import { spacesRoutes } from './spaces.ts';

export const ROUTES = {
  ...metaRoutes,
  ...registerRoutes,
  ...loginRoutes,
  ...accountRoutes,
  ...keyLogRoutes,
  ...mailRoutes,
  ...blobsRoutes,
  ...spacesRoutes,
  ...eventsRoutes,
  ...reportsRoutes,
} as const;

export type RouteName = keyof typeof ROUTES;

export const ROUTE_NAMES: readonly RouteName[] = Object.keys(ROUTES).filter((name) => isRouteName(name));

export function routeNamed(name: RouteName): Route {
  return ROUTES[name];
}

function isRouteName(name: string): name is RouteName {
  return Object.hasOwn(ROUTES, name);
}
