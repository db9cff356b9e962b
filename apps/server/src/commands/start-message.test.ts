import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMessage, type Started } from './start-message.ts';

const started: Started = {
  config: {
    domain: 'localhost',
    host: '127.0.0.1',
    registration: 'open',
    data: '/srv/mail',
    webApp: '/srv/app',
    behindProxy: false,
    origin: null,
  },
  version: '0.1.0',
  origin: 'http://localhost:7700',
  port: 7_700,
};

test('says where clients reach it, and mail in a browser', () => {
  const message = startMessage(started);
  assert.match(
    message,
    /on http:\/\/127\.0\.0\.1:7700\/\nClients reach it as http:\/\/localhost:7700; registration is open/,
  );
  assert.match(message, /Mail in a browser: http:\/\/localhost:7700\/app\//);
});

test('on another port than the one that clients know it says so, and names no address where nothing answers', () => {
  const message = startMessage({ ...started, port: 40_123 });
  assert.match(message, /:40123\//);
  assert.match(message, /start it with --port 7700/);
  assert.doesNotMatch(message, /Clients reach it|Mail in a browser/);
});

test('behind a proxy, or with an origin that was given, the own port says nothing', () => {
  const { config } = started;
  for (const other of [
    { ...started, port: 1, origin: 'https://mail.example.org' },
    { ...started, port: 1, config: { ...config, behindProxy: true } },
    { ...started, port: 1, config: { ...config, origin: 'http://localhost:7700' } },
  ]) {
    assert.match(startMessage(other), /Clients reach it as/);
  }
});
