import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { onTerminal, terminalMissing } from './pseudo-terminal.ts';
import { makeKey, sandbox } from './sandbox.ts';

describe('on a terminal', { skip: terminalMissing }, () => {
  it('a passphrase is asked twice, not shown, and opens the file again', (t) => {
    const box = sandbox(t);
    box.write('plain', 'text');
    const sealed = onTerminal(box, 'latchkey seal -p -o sealed plain', [
      { expect: 'New passphrase: ', send: 'correct hörse\r' },
      { expect: 'again: ', send: 'correct hörse\r' },
    ]);
    assert.equal(sealed.status, 0, sealed.screen);
    assert.doesNotMatch(sealed.screen, /rse/);
    const opened = onTerminal(box, 'latchkey open sealed', [
      { expect: 'Passphrase: ', send: 'wrong\u0015correct hörxü\u007f\u007fse\r' },
    ]);
    assert.equal(opened.status, 0, opened.screen);
    assert.match(opened.screen, /text$/);
  });

  it('the prompt works while standard input and output carry data', (t) => {
    const box = sandbox(t);
    box.write('plain', 'text');
    const line = 'cat plain | latchkey seal -p > sealed && cat sealed | latchkey open > opened';
    const done = onTerminal(box, line, [
      { expect: 'New passphrase: ', send: 'words\r' },
      { expect: 'again: ', send: 'words\r' },
      { expect: 'Passphrase: ', send: 'words\r' },
    ]);
    assert.equal(done.status, 0, done.screen);
    assert.equal(box.text('opened'), 'text');
  });

  it('two different answers, an empty one and Ctrl-C end it with nothing written', (t) => {
    const box = sandbox(t);
    box.write('plain', 'text');
    const line = 'latchkey seal -p -o sealed plain';
    const differ = onTerminal(box, line, [
      { expect: 'New passphrase: ', send: 'one\r' },
      { expect: 'again: ', send: 'two\r' },
    ]);
    assert.deepEqual([differ.status, /\[(\w+)\]/.exec(differ.screen)?.[1]], [2, 'passphrase_not_repeated']);
    const empty = onTerminal(box, line, [{ expect: 'New passphrase: ', send: '\r' }]);
    assert.deepEqual([empty.status, /\[(\w+)\]/.exec(empty.screen)?.[1]], [2, 'passphrase_missing']);
    const stopped = onTerminal(box, line, [{ expect: 'New passphrase: ', send: 'half\u0003' }]);
    assert.deepEqual([stopped.status, /\[(\w+)\]/.exec(stopped.screen)?.[1]], [130, 'interrupted']);
    assert.deepEqual(box.files(), ['plain']);
  });

  it('nobody is asked for a passphrase that cannot be used', (t) => {
    const box = sandbox(t);
    box.write('plain', 'text');
    for (const line of [
      'latchkey seal -p -o sealed none',
      'latchkey seal -p -o plain plain',
      'latchkey seal -p plain',
    ]) {
      const refused = onTerminal(box, line, []);
      assert.doesNotMatch(refused.screen, /passphrase: /);
      assert.ok(refused.status === 6 || refused.status === 2, line);
    }
    assert.deepEqual(box.files(), ['plain']);
  });

  it('echo is back after the prompt', (t) => {
    const box = sandbox(t);
    box.write('plain', 'text');
    const line = 'latchkey seal -p -o sealed plain; stty -a; echo done';
    const done = onTerminal(box, line, [{ expect: 'New passphrase: ', send: '\u0003' }]);
    assert.match(done.screen, / echo /);
    assert.match(done.screen, /done/);
  });

  it('a sealed file is refused, text is not', (t) => {
    const box = sandbox(t);
    makeKey(box);
    box.write('plain', 'text');
    const binary = onTerminal(box, 'latchkey seal -R my.recipient plain', []);
    assert.equal(binary.status, 2);
    assert.match(binary.screen, /\[binary_to_terminal\]/);
    assert.match(onTerminal(box, 'latchkey seal -a -R my.recipient plain', []).screen, /^-----BEGIN/);
    assert.match(onTerminal(box, 'latchkey seal -o - -R my.recipient plain', []).screen, /^age-encryption\.org/);
  });

  it('an opened file reaches it only as plain text, unless asked', (t) => {
    const box = sandbox(t);
    makeKey(box);
    box.write('plain', '\u001b]0;owned\u0007');
    box.sh('latchkey seal -R my.recipient -o sealed plain');
    const refused = onTerminal(box, 'latchkey open -i my.key sealed', []);
    assert.equal(refused.status, 2);
    assert.doesNotMatch(refused.screen, /owned/);
    const asked = onTerminal(box, 'latchkey open -i my.key -o - sealed', []);
    assert.equal(asked.status, 0);
    assert.match(asked.screen, /owned/);
  });

  it('progress is shown while a person waits, and taken away', (t) => {
    const box = sandbox(t);
    makeKey(box);
    const slow = '(head -c 3000000 /dev/zero; sleep 0.6; head -c 3000000 /dev/zero; sleep 0.3; head -c 9 /dev/zero)';
    const piped = onTerminal(box, `${slow} | latchkey seal -R my.recipient > sealed`, []);
    assert.equal(piped.status, 0);
    assert.match(piped.screen, /\r\u001b\[KSealing \d+(\.\d)? MiB, [^\r]+\/s/);
    assert.match(piped.screen, /\r\u001b\[K$/);
    for (const quiet of ['-q', '--json']) {
      const told = onTerminal(box, `${slow} | latchkey seal ${quiet} -R my.recipient > sealed`, []);
      assert.doesNotMatch(told.screen, /Sealing/);
    }
  });

  it('a file of known size has a bar, in colour unless NO_COLOR is set', (t) => {
    const box = sandbox(t);
    makeKey(box);
    box.sh('truncate -s 300M plain');
    const coloured = onTerminal(box, 'latchkey seal -R my.recipient -o sealed plain', []);
    assert.match(coloured.screen, /Sealing \[(\u001b\[32m=*\u001b\[39m) *\] +\d+ % {2}\d+ MiB of 300 MiB, .* left/);
    const plain = onTerminal(box, 'NO_COLOR=1 latchkey open -i my.key -o opened sealed', []);
    assert.match(plain.screen, /Opening \[=* *\]/);
    assert.doesNotMatch(plain.screen, /\u001b\[3/);
  });

  it('Ctrl-C leaves nothing behind', (t) => {
    const box = sandbox(t);
    makeKey(box);
    const line = '(head -c 3000000 /dev/zero; sleep 20) | latchkey seal -R my.recipient -o sealed';
    const stopped = onTerminal(box, line, [{ expect: 'MiB', send: '\u0003' }]);
    assert.match(stopped.screen, /\[interrupted\]/);
    assert.deepEqual(box.files(), ['my.key', 'my.recipient']);
  });
});
