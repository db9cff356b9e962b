import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { makeKey, sandbox } from './sandbox.ts';

/** Around one chunk, around what is sealed by several threads, and nothing at all. */
const sizes = [0, 1, 65_535, 65_536, 65_537, 131_072, 9_437_184];

describe('files', () => {
  it('come back as they were, whatever their size', (t) => {
    const box = sandbox(t);
    makeKey(box);
    for (const size of sizes) {
      const plain = randomBytes(size);
      box.write('plain', plain);
      assert.equal(box.run(['seal', '-R', 'my.recipient', '-fo', 'sealed', 'plain']).err, '', String(size));
      assert.equal(box.run(['open', '-i', 'my.key', '-fo', 'opened', 'sealed']).err, '', String(size));
      assert.ok(plain.equals(box.read('opened')), String(size));
    }
  });

  it('go through pipes, and from a pipe into a file and back', (t) => {
    const box = sandbox(t);
    makeKey(box);
    box.write('plain', randomBytes(300_000));
    const lines = [
      'cat plain | latchkey seal -R my.recipient | latchkey open -i my.key | cmp - plain',
      'latchkey seal -R my.recipient -o a.age < plain && latchkey open -i my.key a.age | cmp - plain',
      'latchkey seal -R my.recipient plain > b.age && latchkey open -i my.key -o b < b.age && cmp b plain',
      'latchkey seal -R my.recipient -o - - < plain | latchkey open -i my.key -o - - | cmp - plain',
    ];
    for (const line of lines) assert.deepEqual([line, box.sh(line).status], [line, 0]);
  });

  it('are opened for their owner alone to read', (t) => {
    const box = sandbox(t);
    makeKey(box);
    box.write('plain', 'text');
    box.sh('latchkey seal -R my.recipient -o sealed plain; latchkey open -i my.key -o opened sealed');
    assert.equal(statSync(join(box.folder, 'opened')).mode & 0o777, 0o600);
  });

  it('with strange names are files like others', (t) => {
    const box = sandbox(t);
    makeKey(box);
    for (const name of ['-', '--', '-x', 'with space', 'new\nline', 'Ünïcode 🗝']) {
      box.write(name, name);
      const path = `./${name}`;
      assert.equal(box.run(['seal', '-R', 'my.recipient', '-fo', 'sealed', path]).err, '');
      assert.equal(box.run(['open', '-i', 'my.key', 'sealed']).out, name);
    }
    assert.equal(box.run(['seal', '-R', 'my.recipient', '--', '-x']).status, 0);
  });
});

describe('recipients', () => {
  it('can be several, and each opens the file', (t) => {
    const box = sandbox(t);
    const [first, second] = [makeKey(box, 'first'), makeKey(box, 'second')];
    const third = makeKey(box, 'third');
    box.write('team', `# the team\n\n${second}\n${third}\n`);
    box.write('plain', 'for all of us');
    const sealed = box.run(['seal', '-r', first, '-R', 'team', '-r', first, '--json', '-o', 'sealed', 'plain']);
    assert.equal((JSON.parse(sealed.out) as { readers: unknown[] }).readers.length, 3);
    for (const name of ['first', 'second', 'third']) {
      assert.equal(box.run(['open', '-i', `${name}.key`, 'sealed']).out, 'for all of us');
    }
    makeKey(box, 'stranger');
    assert.equal(box.run(['open', '-i', 'stranger.key', '-i', 'second.key', 'sealed']).out, 'for all of us');
  });

  it('are told again from the identity', (t) => {
    const box = sandbox(t);
    const recipient = makeKey(box);
    assert.equal(box.run(['keygen', '-y', 'my.key']).out, `${recipient}\n`);
    assert.equal(box.sh('cat my.key | latchkey keygen -y -').out, `${recipient}\n`);
  });
});

describe('an identity file', () => {
  it('is new, readable by its owner alone, and never replaced', (t) => {
    const box = sandbox(t);
    makeKey(box);
    assert.equal(statSync(join(box.folder, 'my.key')).mode & 0o777, 0o600);
    const before = box.text('my.key');
    assert.match(before, /^# created: \d{4}-[^\n]*Z\n# public key: age1pq1[^\n]*\nAGE-SECRET-KEY-PQ-1[0-9A-Z]+\n$/);
    for (const args of [['-o', 'my.key'], ['--output=my.key']]) {
      const again = box.run(['keygen', ...args]);
      assert.equal(again.status, 6);
      assert.match(again.err, /\[output_exists\]/);
    }
    assert.equal(box.text('my.key'), before);
  });

  it('that is a link to nowhere is not followed', (t) => {
    const box = sandbox(t);
    const made = box.sh('ln -s elsewhere my.key; latchkey keygen -o my.key');
    assert.equal(made.status, 6);
    assert.deepEqual(box.files(), ['my.key']);
  });

  it('can come from standard input', (t) => {
    const box = sandbox(t);
    makeKey(box);
    box.write('plain', 'text');
    assert.equal(
      box.sh('latchkey seal -R my.recipient -o sealed plain; latchkey open -i - sealed < my.key').out,
      'text',
    );
    assert.match(box.sh('latchkey open -i - < my.key').err, /Two things cannot both come from standard input/);
  });

  it('that is itself sealed says how to go on', (t) => {
    const box = sandbox(t);
    makeKey(box);
    box.sh('latchkey seal -R my.recipient -o my.key.age my.key');
    const opened = box.run(['open', '-i', 'my.key.age', 'my.key.age']);
    assert.match(opened.err, /is itself sealed.*'-' in its place: latchkey open 'my\.key\.age' \| latchkey …/);
    assert.equal(opened.status, 2);
    assert.equal(box.sh('latchkey open -i my.key my.key.age | latchkey open -i - my.key.age').out, box.text('my.key'));
  });

  it('that is itself sealed is not named in the advice where a shell would obey its name', (t) => {
    const box = sandbox(t);
    makeKey(box);
    const name = "x'; touch obeyed; '.age";
    box.run(['seal', '-R', 'my.recipient', '-o', name, 'my.key']);
    const opened = box.run(['open', '-i', name, name]);
    assert.match(opened.err, /latchkey open FILE \| latchkey/);
  });
});

describe('armor', () => {
  it('is text, opens like the rest, and survives carriage returns and white space around it', (t) => {
    const box = sandbox(t);
    makeKey(box);
    box.write('plain', randomBytes(100_000));
    box.sh('latchkey seal -a -R my.recipient -o sealed plain');
    const text = box.text('sealed');
    assert.match(
      text,
      /^-----BEGIN AGE ENCRYPTED FILE-----\n([A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{1,63}=*\n-----END AGE ENCRYPTED FILE-----\n$/,
    );
    box.write('mailed', `\r\n  ${text.replaceAll('\n', '\r\n')}\r\n`.replace('  ', ''));
    for (const name of ['sealed', 'mailed']) {
      assert.deepEqual(box.run(['open', '-i', 'my.key', name]).stdout, box.read('plain'), name);
    }
  });
});

describe('what is there is not touched', () => {
  it('without --force an output that exists stays; with it, it is replaced', (t) => {
    const box = sandbox(t);
    makeKey(box);
    box.write('plain', 'new');
    box.write('out', 'old');
    const refused = box.run(['seal', '-R', 'my.recipient', '-o', 'out', 'plain']);
    assert.equal(refused.status, 6);
    assert.match(refused.err, /\[output_exists\]/);
    assert.equal(box.text('out'), 'old');
    assert.equal(box.run(['seal', '-R', 'my.recipient', '-o', 'out', '--force', 'plain']).status, 0);
    assert.equal(box.run(['open', '-i', 'my.key', 'out']).out, 'new');
  });

  it('also with --force when opening fails', (t) => {
    const box = sandbox(t);
    makeKey(box);
    box.write('plain', randomBytes(200_000));
    box.write('out', 'old');
    box.sh('latchkey seal -R my.recipient -o sealed plain; head -c 150000 sealed > cut');
    assert.equal(box.run(['open', '-i', 'my.key', '-fo', 'out', 'cut']).status, 5);
    assert.equal(box.text('out'), 'old');
  });

  it('the input is never its own output', (t) => {
    const box = sandbox(t);
    makeKey(box);
    box.write('plain', 'text');
    box.sh('ln -s plain link');
    for (const out of ['plain', './plain', 'link']) {
      const sealed = box.run(['seal', '-R', 'my.recipient', '-fo', out, 'plain']);
      assert.equal(sealed.status, 6);
      assert.match(sealed.err, /\[output_is_input\]/);
    }
    assert.equal(box.text('plain'), 'text');
  });
});

describe('a damaged file', () => {
  it('leaves nothing behind, wherever the damage is', (t) => {
    const box = sandbox(t);
    makeKey(box);
    box.write('plain', randomBytes(3_000_000));
    box.sh('latchkey seal -R my.recipient -o sealed plain');
    const sealed = box.read('sealed');
    const changedAt = (at: number): Buffer => {
      const copy = Buffer.from(sealed);
      copy[at] = (copy[at] ?? 0) ^ 0x20;
      return copy;
    };
    const damaged: readonly [name: string, bytes: Buffer][] = [
      ['first byte', changedAt(0)],
      ['MAC', changedAt(1600)],
      ['nonce', changedAt(1640)],
      ['first chunk', changedAt(2000)],
      ['middle', changedAt(1_500_000)],
      ['last byte', changedAt(sealed.length - 1)],
      ['cut between chunks', sealed.subarray(0, 1627 + 16 + 65_552 * 3)],
      ['cut in a chunk', sealed.subarray(0, 1_000_000)],
      ['cut in the header', sealed.subarray(0, 500)],
      ['empty', Buffer.alloc(0)],
      ['something added', Buffer.concat([sealed, Buffer.of(0)])],
    ];
    const before = [...box.files(), 'damaged'].toSorted();
    for (const [name, bytes] of damaged) {
      box.write('damaged', bytes);
      const opened = box.run(['open', '-i', 'my.key', '-o', 'opened', 'damaged']);
      assert.deepEqual([name, opened.status], [name, 5], opened.err);
      assert.match(opened.err, /^latchkey: [^\n]+\. [^\n]+\. \[[a-z_]+\]\n$/);
      assert.deepEqual(box.files(), before, name);
    }
  });
});
