import assert from 'node:assert/strict';
import { test } from 'node:test';
import { itemHeaders, spanOf } from './item-headers.ts';

const whole = { from: 0, to: 10, isPart: false };
const facts = { name: 'plan.pdf', type: 'application/pdf', sizeBytes: 10, as: 'show' } as const;

test('what no browser runs is shown as what it is; everything else is bytes to be saved', () => {
  assert.equal(itemHeaders(facts, whole)['content-type'], 'application/pdf');
  assert.equal(itemHeaders(facts, whole)['content-disposition'], 'inline');
  assert.equal(itemHeaders({ ...facts, type: 'Text/Plain; x=y' }, whole)['content-type'], 'text/plain; charset=utf-8');
  for (const type of [
    'text/html',
    'image/svg+xml',
    'text/xml',
    'application/xhtml+xml',
    'text/javascript',
    'x',
    '',
    'multipart/x-mixed-replace',
  ]) {
    const headers = itemHeaders({ ...facts, type }, whole);
    assert.equal(headers['content-type'], 'application/octet-stream', type);
    assert.match(headers['content-disposition'] ?? '', /^attachment/);
  }
  for (const as of ['show', 'save'] as const) {
    const headers = itemHeaders({ ...facts, as }, whole);
    assert.equal(headers['content-security-policy'], "default-src 'none'; sandbox");
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['cache-control'], 'no-store');
  }
  assert.equal(itemHeaders({ ...facts, as: 'save' }, whole)['content-type'], 'application/octet-stream');
});

test('a file name is a name: no folders, no signs that nobody sees, no header of its own', () => {
  for (const [name, saved] of [
    ['plan.pdf', 'plan.pdf'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['a\r\nset-cookie: x', 'a__set-cookie_%20x'],
    ['report\u202efdp.exe', 'report_fdp.exe'],
    ["it's (1).txt", 'it%27s%20%281%29.txt'],
    ['Übung.txt', '%C3%9Cbung.txt'],
    ['...', 'attachment'],
    ['', 'attachment'],
    ['\ud800x', '%EF%BF%BDx'],
  ] as const) {
    const disposition = itemHeaders({ ...facts, name, as: 'save' }, whole)['content-disposition'];
    assert.equal(disposition, `attachment; filename*=UTF-8''${saved}`, name);
  }
});

test('ranges as media elements ask for them', () => {
  assert.deepEqual(spanOf(null, 10), whole);
  assert.deepEqual(spanOf('bytes=0-', 10), { from: 0, to: 10, isPart: true });
  assert.deepEqual(spanOf('bytes=2-4', 10), { from: 2, to: 5, isPart: true });
  assert.deepEqual(spanOf('bytes=9-100', 10), { from: 9, to: 10, isPart: true });
  for (const outside of ['bytes=10-', 'bytes=5-4']) assert.equal(spanOf(outside, 10), null);
  for (const other of ['bytes=-5', 'bytes=0-1,4-5', 'lines=1-2', 'bytes=1-2x'])
    assert.deepEqual(spanOf(other, 10), whole);
});
