import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { registered } from './person.ts';
import { sandbox } from './sandbox.ts';
import { serverProcess } from './server-process.ts';

describe('contact cards', () => {
  it('are given as a file or a line, and taken', async (t) => {
    const box = sandbox(t);
    const { origin } = await serverProcess(t);
    const alice = registered(box, origin, 'alice@localhost');
    const bob = registered(box, origin, 'bob@localhost');

    const told = bob.json(['keys', 'card', '--output', 'bob.contact']);
    const path = join(box.folder, 'bob.contact');
    assert.equal(told['card'], 'bob.contact');
    assert.ok(statSync(path).size < 20_000, String(statSync(path).size));
    assert.match(bob.does(['keys', 'card', '--qr']).out, /[▀▄█]{20}/);
    assert.equal(bob.run(['keys', 'card', '--output', 'bob.contact']).status, 6, 'nothing is replaced');

    const taken = alice.json(['keys', 'add', 'bob.contact']);
    assert.deepEqual([taken['address'], taken['version'], taken['identity']], [bob.address, 0, told['identity']]);
    const byLine = alice.does(['keys', 'add', '-'], { input: `${String(told['line'])}\n` });
    assert.match(byLine.out, /^bob@localhost has these keys, by their own card:$/m);

    box.write('changed.contact', readFileSync(path, 'utf8').replace('"contact/v1"', '"contact/v2"'));
    const changed = alice.run(['keys', 'add', 'changed.contact']);
    assert.equal(changed.status, 5);
    assert.match(changed.err, /no contact card.*\[contact_card_refused\]/);
    const own = bob.run(['keys', 'add', 'bob.contact']);
    assert.deepEqual([own.status, /own contact card/.test(own.err)], [2, true]);
    const elsewhere = String(told['line']).replace('http://localhost', 'http://127.0.0.1');
    const mistyped = alice.run(['keys', 'add', '-'], { input: elsewhere });
    assert.equal(mistyped.status, 5, mistyped.err);
  });
});
