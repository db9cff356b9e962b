import { ROUTES, type Route, type RouteName } from '@latchkey/protocol/wire';

/** What only reads, what gives something fresh each time, and what by its row changes nothing when it is repeated. */
const names: readonly RouteName[] = [
  'wellKnown',
  'health',
  'openApi',
  'registerStart',
  'loginStart',
  'kitStart',
  'passwordStart',
  'accountAbout',
  'accountNonce',
  'accountKeep',
  'directoryResolve',
  'ktResolve',
  'ktLookup',
  'ktPolicy',
  'ktCheckpoint',
  'ktTile',
  'ktHours',
  'sessionsList',
  'latchesList',
  'passesIssue',
  'deliver',
  'arrivalsList',
  'arrivalItem',
  'holdsPut',
  'holdsRead',
  'holdsList',
  'uploadsCreate',
  'uploadsPart',
  'uploadsList',
  'uploadsComplete',
  'spacesCreate',
  'spacesList',
  'spacesChanges',
  'spacesRead',
  'spacesHeads',
  'spacesHeadPut',
  'eventsList',
  'reportsAdd',
];

let repeatable: ReadonlySet<Route> | null = null;

/**
 * Whether a call whose outcome nobody knows may be made again by somebody who knows nothing about it: the answer is
 * then as good as the first one. Of the others the second answer has to be read by those who know what they did
 * (`not_found` of what was just removed, `exists` of what was just filed).
 */
export function isRepeatable(route: Route): boolean {
  repeatable ??= new Set<Route>(names.map((name) => ROUTES[name]));
  return repeatable.has(route);
}
