import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROUTE_NAMES, routeNamed } from '@latchkey/protocol/wire';
import { defaultConfig, type Config } from '../config/config.ts';
import { FILE_INVENTORY } from '../inventory/files.ts';
import { JOINS } from '../inventory/joins.ts';
import { TABLE_INVENTORY } from '../inventory/tables.ts';
import { startTestServer } from '../testing/index.ts';
import type { WebApp } from '../web-app/read-web-app.ts';
import { frontPage } from './front-page.ts';

function page(config: Partial<Config> = {}, webApp: WebApp | null = null): string {
  return frontPage({
    config: { ...defaultConfig, domain: 'example.org', ...config },
    origin: 'https://mail.example.org',
    version: '1.2.3',
    handoverKeys: ['mail.example.org/handover+00000000+AAAA'],
    webApp,
  });
}

test('the page shows both inventories, whole', () => {
  const text = page();
  for (const [table, { columns }] of Object.entries(TABLE_INVENTORY)) {
    const section = text.slice(text.indexOf(`<h3>${table}</h3>`));
    assert.ok(text.includes(`<h3>${table}</h3>`), table);
    for (const column of Object.keys(columns)) assert.ok(section.includes(`<dt>${column}</dt>`), `${table}.${column}`);
  }
  for (const file of Object.keys(FILE_INVENTORY)) assert.ok(text.includes(`<dt>${file}</dt>`), file);
  for (const { name } of JOINS) assert.ok(text.includes(`<dt>${name}</dt>`), name);
  for (const name of ROUTE_NAMES)
    assert.ok(text.includes(`<dt>${routeNamed(name).method} ${routeNamed(name).path}</dt>`));
});

test('it says how to join, as the server is set', () => {
  assert.ok(page().includes('<code>latchkey register you@example.org --server https://mail.example.org<'));
  for (const registration of ['open', 'invite', 'closed'] as const) {
    assert.doesNotMatch(
      page({ registration }),
      /npx latchkey/,
      'a copied line must not fetch what somebody else put there',
    );
  }
  const invited = page({ registration: 'invite' });
  assert.ok(invited.includes('--server https://mail.example.org --invite INVITATION<'));
  const closed = page({ registration: 'closed' });
  assert.ok(!closed.includes('latchkey register') && closed.includes('latchkey login you@example.org'));
});

test('it leads to the app where there is one, and says where a password may be typed', () => {
  assert.ok(!page().includes('/app/') && page().includes('There is no password field here'));
  const withApp = page({}, new Map());
  assert.ok(withApp.includes('<a href="/app/">') && !withApp.includes('There is no password field here'));
});

test('it has no script, no inline style, no field, loads nothing from elsewhere, and its headers forbid all of it', async () => {
  const text = page();
  assert.doesNotMatch(text, /<script|<iframe|<img|<form|<input|javascript:| on[a-z]+=| style=/i);
  const loaded = [...text.matchAll(/(?:src|<link[^>]+href)="([^"]+)"/g)].map(([, url]) => url);
  assert.deepEqual(loaded, ['/style.css']);
  const server = await startTestServer();
  try {
    for (const path of ['/', '/style.css']) {
      const response = await fetch(server.origin + path);
      await response.text();
      const policy = response.headers.get('content-security-policy') ?? '';
      for (const part of ["default-src 'none'", "style-src 'self'", "form-action 'none'", "frame-ancestors 'none'"]) {
        assert.ok(policy.includes(part), `${path}: ${part}`);
      }
      assert.ok(!policy.includes('script-src') && !policy.includes('unsafe'), path);
    }
  } finally {
    await server.stop();
  }
});

test('what a setting says is text, whatever is in it', () => {
  assert.ok(page({ domain: '<b>&"' }).includes('Latchkey at &lt;b&gt;&amp;&quot;'));
});
