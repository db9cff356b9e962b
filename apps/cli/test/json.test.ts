import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeKey, sandbox } from './sandbox.ts';

const parsed = (text: string): Record<string, unknown> => {
  assert.match(text, /^[^\n]+\n$/);
  return JSON.parse(text) as Record<string, unknown>;
};

describe('--json', () => {
  it('is one object on standard output where that carries nothing else', (t) => {
    const box = sandbox(t);
    const made = parsed(box.run(['keygen', '--json', '-o', 'my.key']).out);
    assert.deepEqual(Object.keys(made), ['command', 'output', 'recipient']);
    box.write('plain', 'text');
    const sealed = box.run(['seal', '--json', '-r', String(made['recipient']), '-o', 'sealed', 'plain']);
    assert.equal(sealed.err, '');
    assert.deepEqual(parsed(sealed.out), {
      command: 'seal',
      output: 'sealed',
      postQuantum: true,
      armor: false,
      plaintextBytes: 4,
      sealedBytes: box.read('sealed').length,
      readers: ['mlkem768x25519'],
    });
    const opened = parsed(box.run(['--json', 'open', '-i', 'my.key', '-o', 'opened', 'sealed']).out);
    assert.deepEqual(opened, { command: 'open', output: 'opened', plaintextBytes: 4, armor: false });
    const inspected = parsed(box.run(['inspect', '--json', 'sealed']).out);
    assert.deepEqual(inspected, {
      command: 'inspect',
      file: 'sealed',
      armored: false,
      readers: ['mlkem768x25519'],
      headerBytes: 1627,
      payloadBytes: 36,
      chunks: 1,
      plaintextBytes: 4,
      itemBytes: 1663,
    });
  });

  it('is on standard error where standard output carries the file', (t) => {
    const box = sandbox(t);
    const recipient = makeKey(box);
    const sealed = box.run(['seal', '--json', '-r', recipient], { input: 'text' });
    assert.equal(parsed(sealed.err)['output'], null);
    const opened = box.run(['open', '--json', '-i', 'my.key'], { input: sealed.stdout });
    assert.equal(opened.out, 'text');
    assert.equal(parsed(opened.err)['plaintextBytes'], 4);
    const identity = box.run(['keygen', '--json']);
    assert.match(identity.out, /^AGE-SECRET-KEY-PQ-1/m);
    assert.match(String(parsed(identity.err)['recipient']), /^age1pq1/);
  });

  it('tells an error as an object too, also of a command line that is wrong', (t) => {
    const box = sandbox(t);
    for (const [args, exit, exitCode, code] of [
      [['inspect', '--json', 'none'], 'input_output', 6, 'file_not_found'],
      [['seal', '--json', '--nonsense'], 'usage', 2, 'arguments_wrong'],
      [['--json', 'nonsense'], 'usage', 2, 'arguments_wrong'],
    ] as const) {
      const ran = box.run(args);
      assert.equal(ran.status, exitCode);
      assert.equal(ran.out, '');
      const { error } = parsed(ran.err) as { error: Record<string, unknown> };
      assert.deepEqual([error['exit'], error['exitCode'], error['code']], [exit, exitCode, code]);
      assert.match(String(error['message']), /^\S.*\.$/);
    }
  });

  it('holds a name that a terminal would obey, escaped', (t) => {
    const box = sandbox(t);
    makeKey(box);
    const name = 'out\u009b2J\u202e\u001b';
    box.write('plain', 'text');
    const ran = box.run(['seal', '--json', '-R', 'my.recipient', '-o', name, 'plain']);
    assert.equal(parsed(ran.out)['output'], name);
    assert.doesNotMatch(ran.out.trimEnd(), /[\p{Cc}\p{Cf}]/u);
  });

  it('is there for help, version, completion, manual and doctor', (t) => {
    const box = sandbox(t);
    assert.deepEqual(parsed(box.run(['--version', '--json']).out), { version: '0.1.0' });
    assert.match(String(parsed(box.run(['seal', '--help', '--json']).out)['help']), /^latchkey seal/);
    assert.match(String(parsed(box.run(['help', '--json']).out)['help']), /^latchkey - /);
    assert.equal(parsed(box.run(['completion', 'bash', '--json']).out)['shell'], 'bash');
    assert.match(String(parsed(box.run(['manual', '--json']).out)['manual']), /^\.TH/);
    const found = parsed(box.run(['doctor', '--json']).out);
    assert.equal(found['healthy'], true);
    assert.match((found['node'] as { sha256: string }).sha256, /^[0-9a-f]{64}$/);
    const { sources } = found['engine'] as { sources: Record<string, string> };
    assert.deepEqual(Object.keys(sources).length, 8);
  });
});

describe('doctor', () => {
  it('prints the SHA-256 that other programs find for the same binary', (t) => {
    const box = sandbox(t);
    const { node } = JSON.parse(box.run(['doctor', '--json']).out) as { node: { path: string; sha256: string } };
    assert.equal(box.sh(`sha256sum '${node.path}'`).out.split(' ')[0], node.sha256);
  });
});

describe('--quiet', () => {
  it('leaves out notes and keeps warnings', (t) => {
    const box = sandbox(t);
    assert.match(box.run(['keygen']).err, /The recipient is age1pq1/);
    assert.equal(box.run(['keygen', '-q']).err, '');
  });
});
