/** The route table: every call there is, by name. */
import type { Route } from '../route.ts';
import * as account from './account.ts';
import * as blobs from './blobs.ts';
import * as events from './events.ts';
import * as login from './login.ts';
import * as mail from './mail.ts';
import * as meta from './meta.ts';
import * as register from './register.ts';
import * as spaces from './spaces.ts';

export const ROUTES = { ...meta, ...register, ...login, ...account, ...mail, ...blobs, ...spaces, ...events } as const;

export type RouteName = keyof typeof ROUTES;

export const ROUTE_NAMES: readonly RouteName[] = Object.keys(ROUTES).filter((name) => isRouteName(name));

export function routeNamed(name: RouteName): Route {
  return ROUTES[name];
}

function isRouteName(name: string): name is RouteName {
  return Object.hasOwn(ROUTES, name);
}
