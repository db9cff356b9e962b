/** The crypto worker under the policy of the app, on the real server, in both browsers; screens are tested elsewhere. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserMissing, type Visitor } from '@latchkey/testkit';
import { withLineSite, type LineSite, type Tab } from './line-site.ts';
import { formsOf, storedTexts } from './stored-texts.ts';

const password = 'marker-password-7Kq2xVbN';
const subject = 'marker-subject-Zr81mYwE';
const body = 'marker-body-4TnUcLsG';
const fileText = 'marker-file-0123456789 '.repeat(20_000);
const mail = { to: ['bob@localhost'], cc: [], bcc: [], subject, text: body, attachments: [] };

async function join(site: LineSite, name: string): Promise<{ tab: Tab; visitor: Visitor }> {
  const visitor = await site.newVisitor();
  const tab = await site.open(visitor);
  await tab.call('register', { address: `${name}@localhost`, password, deviceName: 'A browser' });
  return { tab, visitor };
}

for (const browser of ['chromium', 'firefox'] as const) {
  test(browser, { skip: browserMissing(browser) }, (t) =>
    withLineSite(browser, async (site) => {
      const [{ tab: alice, visitor }, { tab: bob }] = await Promise.all([join(site, 'alice'), join(site, 'bob')]);

      await t.test(
        'alice writes to bob, who reads it as it comes; what lies in the browser is ciphertext',
        async () => {
          assert.equal((await bob.call('checkAddress', { typed: 'Carol@localhost' })).kind, 'free');
          for (const [typed, kind] of [
            ['alice@localhost', 'taken'],
            ['postmaster@localhost', 'reserved'],
            ['carol@elsewhere.example', 'reserved'],
            ['no address', 'malformed'],
          ] as const) {
            assert.equal((await bob.call('checkAddress', { typed })).kind, kind, typed);
          }
          // Browsers tell of every refusal on the console.
          assert.ok((await bob.forgetProblems()).every((problem) => problem.includes('Failed to load resource')));
          const attachment = { name: 'notes.txt', type: 'text/plain', file: { fileOf: fileText } as unknown as File };
          const sent = await alice.call('send', { composed: { ...mail, attachments: [attachment] } });
          assert.equal(sent?.recipients[0]?.outcome, 'delivered');

          const news = await bob.waitFor((each) => each.news === 'mail' && each.rows.length > 0);
          assert.ok(news.news === 'mail');
          const [row] = news.rows;
          assert.ok(row?.verified);
          assert.deepEqual(
            (await bob.call('list', { folder: 'requests' })).map(({ id }) => id),
            [row.id],
          );
          assert.equal((await bob.call('counts', {})).requestsUnread, 1);
          assert.deepEqual(await bob.call('list', { folder: 'inbox' }), []);
          const before = await bob.call('decide', {
            decisions: [{ address: 'alice@localhost', decision: 'declined' }],
          });
          assert.deepEqual(await bob.call('list', { folder: 'requests' }), []);
          const { requestsUnread, declined } = await bob.call('counts', {});
          assert.deepEqual([requestsUnread, declined], [0, 1]);
          const undone = await bob.call('decide', { decisions: before });
          assert.deepEqual(undone, [{ address: 'alice@localhost', decision: 'declined' }]);
          assert.equal((await bob.call('list', { folder: 'requests' })).length, 1, 'undone');
          const message = await bob.call('read', { id: row.id });
          assert.equal(message.subject, subject);
          assert.equal(message.text.trim(), body);

          const bytes = await bob.call('itemBytes', { message: row.id, index: 0 });
          assert.equal(Buffer.from(bytes).toString(), fileText);

          await bob.call('mark', { ids: [row.id], mark: { read: true, starred: true } });
          assert.equal((await bob.call('counts', {})).requestsUnread, 0);
          assert.deepEqual((await bob.call('find', { words: 'MARKER-subject bod' })).length, 1);
          await bob.call('send', { composed: { ...mail, to: [], subject: '', replyTo: row.id } });
          await alice.waitFor((each) => each.news === 'mail' && each.rows.length > 0);
          // She wrote first, so that his answer is no request.
          assert.equal((await alice.call('counts', {})).inboxUnread, 1);

          const draft = {
            id: 'ab'.repeat(16),
            composed: { ...mail, text: 'marker-draft-9PqRsT' },
            attachmentNames: [],
          };
          await alice.call('saveDraft', draft);
          for (const state of ['open', 'locked']) {
            const stored = await storedTexts(alice.page);
            assert.match(stored, /key AES-GCM extractable=false/);
            for (const marker of [
              password,
              subject,
              body,
              'marker-file',
              'marker-draft',
              'bob@localhost',
              'alice@localhost',
            ]) {
              for (const form of formsOf(marker))
                assert.ok(!stored.includes(form), `${marker} lies in the ${state} browser`);
            }
            if (state === 'open') await alice.call('lock', {});
          }
          await assert.rejects(alice.call('list', { folder: 'inbox' }), { code: 'account_closed' });
          const { accounts, last } = await alice.call('start', {});
          assert.deepEqual(
            accounts.map(({ state, address }) => [state, address]),
            [['locked', 'alice@localhost']],
          );
          const slot = last ?? '';
          await assert.rejects(alice.call('open', { slot }), { code: 'profile_locked' });
          await assert.rejects(alice.call('unlock', { slot, password: 'another one' }), { code: 'login_wrong' });

          // Another tab of the same browser.
          const tab = await site.open(visitor);
          await tab.call('unlock', { slot, password });
          assert.deepEqual(
            (await tab.call('drafts', {})).map(({ composed }) => composed.text),
            ['marker-draft-9PqRsT'],
          );
          await tab.requireNoProblems();
          await bob.requireNoProblems();
          await alice.requireNoProblems();
          await tab.close();
          await alice.call('open', { slot });
        },
      );

      await t.test(
        'an attachment is a stream on the page’s own origin: whole once, by ranges while it is shown',
        async () => {
          await bob.forget();
          const file = { fileOf: fileText } as unknown as File;
          const attachments = [
            { name: 'film.mp4', type: 'video/mp4', file },
            { name: '../run me\u202efdp.svg', type: 'image/svg+xml', file },
          ];
          await alice.call('send', { composed: { ...mail, to: ['bob@localhost'], attachments } });
          const news = await bob.waitFor((each) => each.news === 'mail' && each.rows.length > 0);
          assert.ok(news.news === 'mail');
          const [row] = news.rows;
          assert.ok(row !== undefined);
          await bob.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
          const fetched = (url: string, range?: string) =>
            bob.page.evaluate(
              async (address, wanted) => {
                const answer = await fetch(address, wanted === null ? {} : { headers: { range: wanted } });
                return {
                  status: answer.status,
                  headers: Object.fromEntries(answer.headers),
                  text: await answer.text(),
                };
              },
              url,
              range ?? null,
            );
          const shown = await bob.call('openItem', { message: row.id, index: 0, as: 'show', streams: true });
          const part = await fetched(shown.url, 'bytes=100000-100010');
          assert.equal(part.status, 206);
          assert.equal(part.text, fileText.slice(100_000, 100_011));
          assert.equal(part.headers['content-type'], 'video/mp4');
          assert.equal((await fetched(shown.url)).text, fileText);
          assert.equal((await fetched(shown.url, `bytes=${fileText.length}-`)).status, 416);

          const saved = await bob.call('openItem', { message: row.id, index: 1, as: 'save', streams: true });
          const whole = await fetched(saved.url);
          assert.equal(whole.text, fileText);
          assert.equal(whole.headers['content-type'], 'application/octet-stream');
          assert.equal(whole.headers['content-disposition'], "attachment; filename*=UTF-8''run%20mefdp.svg");
          assert.equal(whole.headers['content-security-policy'], "default-src 'none'; sandbox");
          assert.equal((await fetched(saved.url)).status, 404, 'saved once');

          // A picture that is code is never shown as what it says.
          const svg = await bob.call('openItem', { message: row.id, index: 1, as: 'show', streams: true });
          assert.equal((await fetched(svg.url)).headers['content-type'], 'application/octet-stream');
          await bob.call('lock', {});
          assert.equal((await fetched(shown.url)).status, 404, 'gone with the key');
          await bob.forgetProblems();
        },
      );
      await t.test(
        'two tabs: one leads, both hear; a lock in one closes the other; a reload needs no password, a log-out leaves nothing',
        async () => {
          const first = alice;
          const { last } = await first.call('start', {});
          const slot = last ?? '';
          await bob.call('unlock', { slot: (await bob.call('start', {})).last ?? '', password });
          await first.forget();
          const second = await site.open(visitor);
          await second.call('open', { slot });
          await bob.call('send', { composed: { ...mail, to: ['alice@localhost'], subject: 'to two tabs' } });
          const isArrival = (each: { news: string; rows?: readonly unknown[] }): boolean =>
            (each.rows?.length ?? 0) > 0;
          await Promise.all([first.waitFor(isArrival), second.waitFor(isArrival)]);
          const [newest] = await second.call('list', { folder: 'inbox' });
          assert.equal(newest?.summary.subject, 'to two tabs');

          // The one that led goes; the other takes over.
          await first.close();
          await bob.call('send', { composed: { ...mail, to: ['alice@localhost'], subject: 'another' } });
          await second.waitFor(
            (each) => each.news === 'mail' && each.rows.some(({ summary }) => summary.subject === 'another'),
          );

          const third = await site.open(visitor);
          await third.call('open', { slot });
          await third.call('lock', {});
          assert.deepEqual(await second.waitFor((each) => each.news === 'closed'), { news: 'closed', why: 'locked' });
          await assert.rejects(second.call('counts', {}), { code: 'account_closed' });
          await third.call('unlock', { slot, password });
          await third.call('logOut', { slot });
          assert.deepEqual((await third.call('start', {})).accounts, []);
          assert.equal(await third.page.evaluate(async () => (await indexedDB.databases()).length), 0);
          await second.requireNoProblems();
          await third.requireNoProblems();
        },
      );
    }),
  );
}
