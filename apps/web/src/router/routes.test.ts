import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatRoute, parseRoute, SETTINGS, VIEWS, type Route } from './routes.ts';

const id = '0123456789abcdef'.repeat(2);
const routes: readonly Route[] = [
  { at: 'welcome' },
  { at: 'register' },
  { at: 'sign-in' },
  { at: 'contacts' },
  { at: 'drafts' },
  { at: 'settings', section: null },
  ...SETTINGS.map((section) => ({ at: 'settings', section }) as const),
  ...VIEWS.flatMap((view) => [null, id].map((open) => ({ at: 'mail', view, open }) as const)),
];

test('a route reads as it was written, and stays in the fragment', () => {
  for (const route of routes) {
    assert.deepEqual(parseRoute(formatRoute(route)), route);
    assert.ok(formatRoute(route).startsWith('#/'));
  }
});

test('what is no route is the inbox', () => {
  for (const odd of [
    '',
    '#',
    '#/',
    '#/mail',
    '#/mail/nowhere',
    '#/<script>',
    '#//',
    '#/mail/inbox/../../x',
    '#/toString',
  ])
    assert.deepEqual(parseRoute(odd), { at: 'mail', view: 'inbox', open: null }, odd);
  assert.deepEqual(parseRoute('#/settings/constructor'), { at: 'settings', section: null });
});
