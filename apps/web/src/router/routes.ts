/**
 * Where one can be. Routes stand in the fragment: it never goes to the server, not even on a reload, so the operator does
 * not learn which message somebody looks at.
 */
export const VIEWS = ['inbox', 'requests', 'declined', 'starred', 'sent', 'archive', 'trash'] as const;
export type View = (typeof VIEWS)[number];

export const SETTINGS = [
  'account',
  'appearance',
  'notifications',
  'devices',
  'password',
  'papers',
  'operator',
  'keyboard',
  'leave',
] as const;
export type SettingsSection = (typeof SETTINGS)[number];

export type Route =
  | { readonly at: 'welcome' }
  | { readonly at: 'register' }
  | { readonly at: 'sign-in' }
  | { readonly at: 'mail'; readonly view: View; readonly open: string | null }
  | { readonly at: 'contacts' }
  | { readonly at: 'drafts' }
  | { readonly at: 'settings'; readonly section: SettingsSection | null };

const MESSAGE_ID = /^[0-9a-f]{32}$/;

/** Anything that is not a route is the inbox: a link that somebody made cannot lead astray. */
export function parseRoute(fragment: string): Route {
  const [at = '', first = '', second = ''] = fragment.replace(/^#\/?/, '').split('/');
  if (at === 'welcome' || at === 'register' || at === 'sign-in' || at === 'contacts' || at === 'drafts') return { at };
  if (at === 'settings') return { at, section: SETTINGS.find((each) => each === first) ?? null };
  const view = VIEWS.find((each) => each === first) ?? 'inbox';
  return { at: 'mail', view, open: at === 'mail' && MESSAGE_ID.test(second) ? second : null };
}

export function formatRoute(route: Route): string {
  if (route.at === 'mail') return `#/mail/${route.view}${route.open === null ? '' : `/${route.open}`}`;
  if (route.at === 'settings') return `#/settings${route.section === null ? '' : `/${route.section}`}`;
  return `#/${route.at}`;
}
