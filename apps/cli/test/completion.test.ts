import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { outsideProgram } from '@latchkey/testkit';
import { commands } from '../src/commands.ts';
import { sandbox, type Sandbox } from './sandbox.ts';

const missing = (name: string): string | false => (outsideProgram(name) === null ? `${name} is not installed` : false);

/** What bash would offer for the words, the last of which is being typed. */
function completed(box: Sandbox, words: readonly string[]): readonly string[] {
  const array = words.map((word) => `'${word}'`).join(' ');
  const ran = box.sh(
    `. ./latchkey.bash; COMP_WORDS=(${array}); COMP_CWORD=${words.length - 1}; compopt() { :; }; _latchkey; printf '%s\\n' "\${COMPREPLY[@]}"`,
  );
  assert.equal(ran.status, 0, ran.err);
  assert.equal(ran.err, '');
  return ran.out
    .split('\n')
    .filter((line) => line !== '')
    .toSorted();
}

describe('bash', { skip: missing('bash') }, () => {
  it('is registered and completes commands, options, words and files', (t) => {
    const box = sandbox(t);
    box.write('notes.txt', '');
    box.write('my key.txt', '');
    assert.equal(box.sh('latchkey completion bash > latchkey.bash && bash -n latchkey.bash').status, 0);
    assert.match(box.sh('. ./latchkey.bash; complete -p latchkey').out, /-F _latchkey latchkey/);
    assert.deepEqual(completed(box, ['latchkey', '']), commands.map(({ name }) => name).toSorted());
    assert.deepEqual(completed(box, ['latchkey', 'ke']), ['key', 'keygen', 'keys']);
    assert.deepEqual(completed(box, ['latchkey', '--v']), ['--version']);
    assert.deepEqual(completed(box, ['latchkey', 'seal', '--passphrase']), [
      '--passphrase',
      '--passphrase-fd',
      '--passphrase-file',
    ]);
    assert.deepEqual(completed(box, ['latchkey', '-q', 'open', '--id']), ['--identity']);
    assert.deepEqual(completed(box, ['latchkey', 'open', '-i', 'no']), ['notes.txt']);
    assert.deepEqual(completed(box, ['latchkey', 'seal', '-r', '']), []);
    assert.deepEqual(completed(box, ['latchkey', 'seal', 'my']), ['my key.txt']);
    assert.deepEqual(completed(box, ['latchkey', 'completion', '']), ['bash', 'fish', 'zsh']);
    assert.deepEqual(completed(box, ['latchkey', 'doctor', '']), []);
  });
});

describe('zsh', () => {
  it('is a script that zsh reads', { skip: missing('zsh') }, (t) => {
    assert.equal(sandbox(t).sh('latchkey completion zsh > _latchkey && zsh -n _latchkey').status, 0);
  });
  it('names every command and option', (t) => {
    const { out } = sandbox(t).run(['completion', 'zsh']);
    assert.match(out, /^#compdef latchkey\n/);
    for (const { name, options } of commands) {
      assert.match(out, new RegExp(`\\n {4}${name}\\)\\n`));
      for (const option of options) assert.ok(out.includes(`--${option.name}`), option.name);
    }
    assert.equal(out.replaceAll("'\\''", '').split("'").length % 2, 1);
  });
});

describe('fish', () => {
  it('is a script that fish reads', { skip: missing('fish') }, (t) => {
    assert.equal(sandbox(t).sh('latchkey completion fish > latchkey.fish && fish -n latchkey.fish').status, 0);
  });
  it('names every command and option', (t) => {
    const { out } = sandbox(t).run(['completion', 'fish']);
    for (const { name, options } of commands) {
      assert.ok(out.includes(`-a ${name} -d '`), name);
      for (const option of options)
        assert.ok(out.includes(`-n '__fish_seen_subcommand_from ${name}' -l ${option.name}`), option.name);
    }
    for (const line of out.trim().split('\n')) assert.equal(line.replaceAll("\\'", '').split("'").length % 2, 1, line);
  });
});
