import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sandbox } from './sandbox.ts';

describe('a passphrase without a terminal', () => {
  it('comes from a file or a descriptor, with or without a line end', (t) => {
    const box = sandbox(t);
    box.write('plain', 'text');
    box.write('unix', 'five words that nobody guesses\n');
    box.write('dos', 'five words that nobody guesses\r\n');
    box.write('bare', 'five words that nobody guesses');
    assert.equal(box.run(['seal', '--passphrase-file', 'unix', '-o', 'sealed', 'plain']).err, '');
    for (const line of [
      'latchkey open --passphrase-file dos sealed',
      'latchkey open -p --passphrase-file bare sealed',
      'latchkey open --passphrase-fd 3 sealed 3< unix',
      'latchkey open --passphrase-fd 0 sealed < unix',
      'latchkey open --passphrase-file - sealed < unix',
      'latchkey open --passphrase-fd 7 7< unix < sealed',
    ]) {
      assert.deepEqual([line, box.sh(line).out], [line, 'text']);
    }
  });

  it('that is wrong has its own exit code, and leaves nothing', (t) => {
    const box = sandbox(t);
    box.write('plain', 'text');
    box.sh('echo right > right; echo wrong > wrong; latchkey seal --passphrase-file right -o sealed plain');
    const opened = box.run(['open', '--passphrase-file', 'wrong', '-o', 'opened', 'sealed']);
    assert.equal(opened.status, 4);
    assert.match(opened.err, /\[passphrase_wrong\]/);
    assert.ok(!box.files().includes('opened'));
  });

  it('is refused where it is empty, several lines, or not there', (t) => {
    const box = sandbox(t);
    box.write('plain', 'text');
    box.write('empty', '');
    box.write('newline', '\n');
    box.write('two', 'one\ntwo\n');
    box.write('bytes', Uint8Array.of(0xff, 0xfe, 0x0a));
    const cases: readonly [args: string, status: number, code: string][] = [
      ['--passphrase-file empty', 2, 'passphrase_missing'],
      ['--passphrase-file newline', 2, 'passphrase_missing'],
      ['--passphrase-file two', 2, 'passphrase_source_malformed'],
      ['--passphrase-file bytes', 5, 'file_not_text'],
      ['--passphrase-file none', 6, 'file_not_found'],
      ['--passphrase-fd 9', 6, 'file_not_readable'],
      ['--passphrase-fd x', 2, 'arguments_wrong'],
      ['--passphrase-fd 3 --passphrase-file two', 2, 'arguments_wrong'],
    ];
    for (const [args, status, code] of cases) {
      const sealed = box.sh(`latchkey seal ${args} -o sealed plain`);
      assert.deepEqual([args, sealed.status, /\[(\w+)\]/.exec(sealed.err)?.[1]], [args, status, code]);
    }
    assert.ok(!box.files().includes('sealed'));
  });

  it('is not asked for where nobody can answer', (t) => {
    const box = sandbox(t);
    box.write('plain', 'text');
    const sealed = box.sh('setsid latchkey seal -p plain < /dev/null > sealed');
    assert.equal(sealed.status, 2);
    assert.match(sealed.err, /\[no_terminal\]/);
  });

  it('is not taken by a file that needs none, and a file that needs one says so', (t) => {
    const box = sandbox(t);
    box.write('plain', 'text');
    box.sh('echo secret > pass; latchkey keygen -o my.key > my.recipient');
    box.sh('latchkey seal -R my.recipient -o to-key plain; latchkey seal --passphrase-file pass -o to-pass plain');
    const noKey = box.run(['open', '--passphrase-file', 'pass', 'to-key']);
    assert.equal(noKey.status, 3);
    assert.match(noKey.err, /Give your identity file with -i.*\[identity_missing\]/);
    const noPassphrase = box.run(['open', '-i', 'my.key', 'to-pass']);
    assert.equal(noPassphrase.status, 3);
    assert.match(noPassphrase.err, /Open it with -p/);
    assert.equal(box.run(['open', '-i', 'my.key', '--passphrase-file', 'pass', 'to-pass']).out, 'text');
  });
});
