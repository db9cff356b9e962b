import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as age from 'age-encryption';
import { exitCodes } from '../src/exit-codes.ts';
import { makeKey, sandbox, type Sandbox } from './sandbox.ts';

/** What each code is provoked with; `internal`, `unfit` and the signals have tests of their own below. */
const provoked: readonly [status: number, code: string, line: string][] = [
  [2, 'arguments_wrong', 'latchkey seal'],
  [2, 'arguments_wrong', 'latchkey seal -r age1x -o a -o b plain'],
  [2, 'secret_in_arguments', 'latchkey open -i "$(tail -n 1 my.key)" sealed'],
  [2, 'recipient_malformed', 'latchkey seal -r age1notarecipient plain'],
  [2, 'arguments_wrong', 'latchkey seal -r plain plain'],
  [3, 'not_for_me', 'latchkey open -i other.key sealed'],
  [3, 'identity_missing', 'latchkey open sealed'],
  [4, 'passphrase_wrong', 'latchkey open --passphrase-file plain locked'],
  [5, 'header_malformed', 'latchkey open -i my.key plain'],
  [5, 'header_malformed', 'latchkey inspect plain'],
  [5, 'payload_truncated', 'head -c -20 sealed | latchkey open -i my.key'],
  [5, 'identity_malformed', 'latchkey open -i plain sealed'],
  [5, 'recipient_file_malformed', 'latchkey seal -R my.key plain'],
  [5, 'armor_malformed', 'latchkey seal -a -R my.recipient plain | tr + . | tr / . | latchkey open -i my.key'],
  [6, 'file_not_found', 'latchkey open -i my.key none'],
  [6, 'file_not_found', 'latchkey open -i none sealed'],
  [6, 'file_is_directory', 'latchkey seal -R my.recipient /'],
  [6, 'output_exists', 'latchkey seal -R my.recipient -o plain sealed'],
  [6, 'output_is_input', 'latchkey seal -R my.recipient -fo plain plain'],
  [6, 'file_not_found', 'latchkey seal -R my.recipient -o none/out plain'],
  [6, 'disk_full', 'latchkey seal -R my.recipient plain > /dev/full'],
  [6, 'io_failed', 'latchkey keygen > /dev/full'],
  [7, 'recipients_below_floor', 'latchkey seal -R my.recipient -R classical.recipient -o out plain'],
  [7, 'passphrase_with_recipients', 'latchkey seal -p -R my.recipient plain'],
];

async function prepare(box: Sandbox): Promise<void> {
  makeKey(box);
  makeKey(box, 'other');
  box.write('plain', 'one line\n');
  box.write('pass', 'right');
  const classical = await age.generateX25519Identity();
  box.write('classical.key', `${classical}\n`);
  box.write('classical.recipient', await age.identityToRecipient(classical));
  const made = box.sh(
    'latchkey seal -R my.recipient -o sealed plain && latchkey seal --passphrase-file pass -o locked plain',
  );
  assert.equal(made.status, 0, made.err);
}

describe('exit codes', () => {
  it('each is what the table says, with one line of sentence, advice and code', async (t) => {
    const box = sandbox(t);
    await prepare(box);
    const before = box.files();
    for (const [status, code, line] of provoked) {
      const ran = box.sh(line);
      assert.deepEqual([line, ran.status, /\[(\w+)\]\n$/.exec(ran.err)?.[1]], [line, status, code], ran.err);
      assert.match(ran.err, /^latchkey: \S[^\n]*\. \S[^\n]*\. \[\w+\]\n$/, line);
      assert.doesNotMatch(ran.err, /AGE-SECRET-KEY|age1pq1[0-9a-z]{9}/, line);
      assert.deepEqual(box.files(), before, line);
    }
  });

  it('are all provoked somewhere', () => {
    // 9 to 14 speak of accounts: exchange.test.ts.
    const elsewhere = [0, 1, 8, 9, 10, 11, 12, 13, 14, 130, 143];
    const all = new Set([...provoked.map(([status]) => status), ...elsewhere]);
    assert.deepEqual(
      [...all].toSorted((a, b) => a - b),
      exitCodes.map((entry) => entry.code),
    );
  });

  it('a reader that goes away ends it with 6', (t) => {
    const box = sandbox(t);
    makeKey(box);
    box.sh('head -c 3000000 /dev/zero > plain');
    const ran = box.sh('latchkey seal -R my.recipient plain | head -c 10 > /dev/null; exit ${PIPESTATUS[0]}');
    assert.equal(ran.status, 6);
    assert.match(ran.err, /\[pipe_closed\]/);
  });

  it('a Node that lacks what is needed ends it with 8, and an unforeseen fault with 1', (t) => {
    const box = sandbox(t);
    box.write(
      'break.cjs',
      "const crypto = require('node:crypto'); crypto.createDecipheriv = () => { throw new TypeError('AGE-SECRET-KEY-1X'); };",
    );
    const env = { NODE_OPTIONS: `--require ${join(box.folder, 'break.cjs')}` };
    box.write(
      'fault.cjs',
      "process.getBuiltinModule('node:fs').fstatSync = () => { throw new TypeError('AGE-SECRET-KEY-1X'); };",
    );
    makeKey(box);
    const broken = box.run(['doctor'], { env });
    assert.equal(broken.status, 8, broken.err);
    assert.match(broken.out, /FAILED opens a known file: x25519/);
    assert.match(broken.err, /\[(self_test_failed|engine_self_test_failed)\]/);
    const fault = box.run(['inspect', 'my.key'], {
      env: { NODE_OPTIONS: `--require ${join(box.folder, 'fault.cjs')}` },
    });
    assert.equal(fault.status, 1, fault.err);
    assert.match(fault.err, /nobody foresaw \(TypeError\).*\[internal\]/);
    assert.doesNotMatch(fault.err, /SECRET/);
  });
});
