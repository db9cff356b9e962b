/** What a report proves, and what a hostile reporter cannot make of it (docs/spec/20-reports.md). */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { formatStatement, identityKeyName, parseAddress, statementHash, statementTextHash } from '@latchkey/protocol';
import { limits } from '@latchkey/protocol/wire';
import fc from 'fast-check';
import { resetOf } from '../../test/reset-of.ts';
import { bytes, id, register, signed, signersOf, type TestOwner } from '../../test/test-owner.ts';
import { startTestServer, type TestServer } from '../testing/index.ts';
import { judgeReport } from './judge-report.ts';
import { parseReport } from './parse-report.ts';

const abuseRecipient = `age1pq1${'q'.repeat(60)}`;
const DAY_MS = 86_400_000;
let nowMs = Date.now();
let server: TestServer;
let alice: TestOwner;
let bob: TestOwner;

before(async () => {
  server = await startTestServer({ config: { abuseRecipient }, clock: () => nowMs });
  alice = await register(server.origin, 'alice@localhost');
  bob = await register(server.origin, 'bob@localhost');
});
after(() => server.stop());

interface Made {
  readonly mime?: string;
  /** Who signs; alice if nobody else. */
  readonly by?: TestOwner;
  /** In whose name, and under which version; alice's newest if nothing else. */
  readonly from?: TestOwner;
  readonly said?: string;
}

const written = 'From: alice@localhost\r\nSubject: hello\r\n\r\nI know where you live.\r\n';

/** As a client makes it: a message of alice to bob. */
async function reportOf({ mime = written, by = alice, from = alice, said }: Made = {}): Promise<Buffer> {
  const party = ({
    identity,
  }: TestOwner): { address: typeof identity.address; version: number; identity: Uint8Array } => ({
    address: identity.address,
    version: identity.version,
    identity: statementHash(identity),
  });
  const text = formatStatement({
    kind: 'latchkey/message/v1',
    id: id(),
    item: bytes(32),
    from: party(from),
    to: [party(bob)],
    cc: [],
    blind: bytes(32),
    dateSeconds: 1_800_000_000,
    inReplyTo: null,
    body: new Uint8Array(createHash('sha256').update(written).digest()),
    checkpoint: null,
    summary: bytes(32),
    attachments: [],
  });
  const note = await signed(text, [signersOf(identityKeyName(by.identity), by.keys)]);
  const boundary = `latchkey-${Buffer.from(statementTextHash(text)).toString('hex').slice(0, 32)}`;
  const lines = [
    'Latchkey-Report: v1',
    'Latchkey-Reason: threat',
    ...(said === undefined ? [] : [`Latchkey-Words: ${encodeURIComponent(said)}`]),
    'Date: Fri, 15 Jan 2027 08:00:00 +0000',
    '',
    `--${boundary}`,
    'Content-Type: application/octet-stream',
    '',
    note,
    `--${boundary}`,
    'Content-Type: message/rfc822',
    '',
    mime,
    `--${boundary}--`,
    ' '.repeat(500),
  ];
  return Buffer.from(lines.join('\r\n'));
}

async function verdictOf(report: Buffer): Promise<string> {
  const parsed = parseReport(report);
  if (parsed === null) return 'no report';
  const { verdict, replaced } = await judgeReport(server.services.store.db, parsed, Math.floor(nowMs / 3_600_000));
  return replaced ? `${verdict}, replaced` : verdict;
}

test('what the sender signed is proved, and the words of the reporter are only words', async () => {
  const report = await reportOf({ said: 'please help\u{1b}[2J, she means it' });
  const parsed = parseReport(report);
  assert.equal(await verdictOf(report), 'proved');
  assert.equal(parsed?.mime.toString(), written);
  assert.deepEqual([parsed?.reason, parsed?.words], ['threat', 'please help?[2J, she means it']);
  assert.deepEqual([parsed?.statement.from.address, parsed?.statement.to[0]?.address], [alice.address, bob.address]);
  assert.equal(parseReport(await reportOf())?.words, null);
});

test('a reporter cannot put words into anybody’s mouth', async () => {
  assert.equal(await verdictOf(await reportOf({ mime: written.replace('know', 'burn') })), 'altered');
  // Signed by the reporter, in the sender's name: the lines bear another name, or keys that are not hers.
  assert.equal(await verdictOf(await reportOf({ by: bob })), 'unsigned');
  assert.equal(await verdictOf(await reportOf({ by: { ...alice, keys: bob.keys } })), 'unsigned');
  // Keys that she never had here.
  const identity = { ...bob.identity, address: parseAddress(alice.address) };
  const invented = { ...bob, address: alice.address, identity };
  assert.equal(await verdictOf(await reportOf({ by: invented, from: invented })), 'unknown');
});

test('whoever stole a kit cannot sign threats for its owner, and stolen old keys are told apart', async () => {
  const carol = await register(server.origin, 'carol@localhost');
  const reset = await resetOf(carol, carol.identity, 1);
  await carol.wire.call('directoryUpdate', { statement: reset.note });
  const thief = { ...carol, ...reset };
  const threat = await reportOf({ by: thief, from: thief });
  // Published, and waiting for its hold: not yet hers, and after her veto never.
  assert.equal(await verdictOf(threat), 'unknown');
  const own = await reportOf({ by: carol, from: carol });
  assert.equal(await verdictOf(own), 'proved');
  nowMs += (carol.identity.holdHours + 2) * 3_600_000;
  assert.deepEqual([await verdictOf(threat), await verdictOf(own)], ['proved', 'proved, replaced']);
});

test('whatever is changed, it is never proved with other words, and nothing is thrown', async () => {
  const report = await reportOf();
  await fc.assert(
    fc.asyncProperty(fc.nat(report.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const changed = Buffer.from(report);
      changed[at] = (changed[at] ?? 0) ^ change;
      const verdict = await verdictOf(changed);
      if (verdict === 'proved') assert.equal(parseReport(changed)?.mime.toString(), written);
    }),
    { numRuns: 150 },
  );
  for (const cut of [0, 10, 60, 200, report.length - 600]) assert.equal(parseReport(report.subarray(0, cut)), null);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 3_000 }), (any) => parseReport(Buffer.from(any)) === null));
});

test('a report is kept once, by nobody’s name, until it is old or removed', async () => {
  const { store } = server.services;
  assert.equal((await bob.wire.call('wellKnown', {})).abuse, abuseRecipient);
  const [report, sealed] = [id(), bytes(2_000)];
  await bob.wire.call('reportsAdd', { report, sealed });
  await bob.wire.call('reportsAdd', { report, sealed: bytes(10) });
  await alice.wire.call('reportsAdd', { report: id(), sealed: bytes(9) });
  const rows = await store.db.selectFrom('report').selectAll().execute();
  assert.deepEqual(Object.keys(rows[0] ?? {}).toSorted(), ['day', 'id', 'sealed']);
  assert.deepEqual(
    rows.map((row) => row.sealed.length).toSorted((a, b) => a - b),
    [9, 2_000],
  );
  assert.equal(await store.write('removeReport', { id: report }), true);
  assert.equal(await store.write('removeReport', { id: report }), false);
  nowMs += limits.REPORTS_KEPT_DAYS * DAY_MS;
  await store.write('sweepRows', {});
  assert.equal((await store.db.selectFrom('report').select('id').execute()).length, 1);
  nowMs += DAY_MS;
  await store.write('sweepRows', {});
  assert.equal((await store.db.selectFrom('report').select('id').execute()).length, 0);
});

test('reports are refused where nobody reads them, too often, and when too many wait', async () => {
  const own = await startTestServer({ limits: 'real' });
  try {
    const carol = await register(own.origin, 'carol@localhost');
    const one = (): Promise<object> => carol.wire.call('reportsAdd', { report: id(), sealed: bytes(9) });
    assert.equal((await carol.wire.call('wellKnown', {})).abuse, null);
    await assert.rejects(one, { code: 'reports_closed' });
    Object.assign(own.services.config, { abuseRecipient });
    for (let each = 0; each < 12; each++) await one();
    await assert.rejects(one, { code: 'rate_limited' });
    for (let each = 12; each < limits.MAX_REPORTS; each++) {
      void own.services.store.write('addReport', { id: id(), sealed: bytes(9) });
    }
    await assert.rejects(own.services.store.write('addReport', { id: id(), sealed: bytes(9) }), { code: 'too_many' });
  } finally {
    await own.stop();
  }
});
