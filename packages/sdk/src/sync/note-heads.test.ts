import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestServer, type TestServer } from 'latchkey-server/testing';
import {
  id,
  newDevice,
  newKeyring,
  put,
  registerAccount,
  type SpaceAccount,
  type TestDevice,
  wireThrough,
} from '../../test/space-devices.ts';
import { noteHeads, notedHeads, parseNotedHeads } from './note-heads.ts';

let server: TestServer;
let account: SpaceAccount;

before(async () => {
  server = await startTestServer();
  account = await registerAccount(server.origin, 'alice@localhost');
});
after(() => server.stop());

const nowMs = 500 * 3_600_000 + 5;

async function note({ space, id: device }: TestDevice, mailbox: TestDevice): Promise<void> {
  await noteHeads(space, { device, nowMs, tips: [await mailbox.space.tip()] });
}

test('every device notes the heads of all spaces in the vault', async () => {
  const [vaults, mailboxes] = [newKeyring(), newKeyring()];
  const vault = await newDevice(account, vaults);
  const mailbox = await newDevice(account, mailboxes, { id: vault.id });
  await mailbox.space.write([put(id(), 'a')]);
  await note(vault, mailbox);
  const tips = await notedHeads(vault.space);
  assert.deepEqual(tips, [
    {
      space: vaults.space,
      size: 0,
      root: (await (await newDevice(account, newKeyring())).space.tip()).root,
      device: vault.id,
      hour: 500,
    },
    { ...(await mailbox.space.tip()), device: vault.id, hour: 500 },
  ]);
  await note(vault, mailbox);
  assert.equal((await vault.space.tip()).size, 1, 'nothing new, nothing noted');
  await mailbox.space.write([put(id(), 'b')]);
  await note(vault, mailbox);
  await vault.space.write([put(id(), 'c')]);
  await note(vault, mailbox);
  assert.equal((await vault.space.tip()).size, 4);
  const second = await newDevice(account, vaults);
  await second.space.catchUp();
  await note(second, mailbox);
  assert.equal(
    new Set((await notedHeads(second.space)).map(({ device }) => Buffer.from(device).toString('hex'))).size,
    2,
  );
});

test('a device that joins compares with what was noted, and finds what the server hides', async () => {
  const [vaults, mailboxes] = [newKeyring(), newKeyring()];
  const vault = await newDevice(account, vaults);
  const mailbox = await newDevice(account, mailboxes, { id: vault.id });
  await mailbox.space.write([put(id(), 'a'), put(id(), 'b')]);
  await note(vault, mailbox);
  const joining = await newDevice(account, vaults);
  await joining.space.catchUp();
  const noted = await notedHeads(joining.space);
  await joining.space.catchUp(noted);

  let hides = true;
  let fetched = 0;
  const wire = wireThrough(account.wire, async ({ name, request, next }) => {
    const answer = await next();
    if (name === 'spacesChanges') fetched += 1;
    if (name === 'spacesHeads') return { heads: [] };
    if (name !== 'spacesChanges' || !hides) return answer;
    const { changes } = answer as { changes: unknown[] };
    return { changes: changes.slice(0, 1 - (request as { after: number }).after), size: 1, more: false };
  });
  const joined = await newDevice(account, mailboxes, { wire });
  assert.equal((await joined.space.catchUp()).size, 1, 'alone it cannot know');
  await assert.rejects(joined.space.catchUp(noted), { name: 'SdkError', code: 'space_rolled_back' });
  hides = false;
  assert.equal((await joined.space.catchUp(noted)).size, 2);
  fetched = 0;
  await joined.space.catchUp(noted);
  assert.equal(fetched, 1, 'what was compared is not compared again');
  assert.deepEqual(await joined.space.newestState(), { device: vault.id, size: 2, hour: 500 });

  const wrong = noted.map((tip) => ({ ...tip, device: id(), size: 1 }));
  await assert.rejects(joined.space.catchUp(wrong), { name: 'SdkError', code: 'space_forked' });
});

test('a record of heads is read only as this version writes it', () => {
  const b64 = (lengthBytes: number): string => Buffer.alloc(lengthBytes, 7).toString('base64url');
  const tip = { space: b64(16), size: 1, root: b64(32) };
  const body = { kind: 'heads', v: 1, device: b64(16), hour: 1, tips: [tip] };
  const tips = (count: number): unknown[] => Array.from({ length: count }, () => tip);
  assert.equal(parseNotedHeads(body)?.tips[0]?.size, 1);
  assert.equal(parseNotedHeads({ ...body, tips: tips(257) })?.tips.length, 257);
  assert.equal(parseNotedHeads({ ...body, hour: 0xffff_ffff, tips: [] })?.tips.length, 0);
  for (const other of [
    null,
    { ...body, kind: 'note' },
    { ...body, v: 2 },
    { ...body, more: 1 },
    { ...body, device: b64(15) },
    { ...body, device: 7 },
    { ...body, hour: -1 },
    { ...body, hour: 2 ** 32 },
    { ...body, hour: 0.5 },
    { ...body, tips: tips(258) },
    { ...body, tips: null },
    ...[
      { ...tip, size: -1 },
      { ...tip, size: 1.5 },
      { ...tip, size: 2 ** 53 },
      { ...tip, root: b64(31) },
      { ...tip, space: b64(17) },
      { ...tip, more: 1 },
    ].map((wrong) => ({ ...body, tips: [wrong] })),
  ]) {
    assert.equal(parseNotedHeads(other), null, JSON.stringify(other));
  }
});
