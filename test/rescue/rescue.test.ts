import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { handOverFullAccount, type FullAccount } from './full-account.ts';
import { recovered, type Recovered } from './out-folder.ts';
import { packages, sandbox, scripts, type Sandbox } from './sandbox.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'latchkey-rescue-')));
const guide = readFileSync(join(import.meta.dirname, '../../docs/guide/rescue.md'), 'utf8');
let account: FullAccount;
let box: Sandbox;
let mail: readonly Recovered[];

interface AboutMessage {
  readonly hold: string;
  readonly folder: string;
  readonly subject: string;
  readonly bcc: readonly string[];
  readonly items: readonly string[];
}
let about: readonly AboutMessage[];

before(async () => {
  mkdirSync(join(folder, 'owner'));
  box = sandbox(join(folder, 'owner'));
  account = await handOverFullAccount(join(folder, 'data'), join(box.folder, 'handover'));
  // As people write words down.
  const numbered = account.aliceWords.map((word, at) => `${at + 1}. ${word.toUpperCase()}\n`).join('');
  writeFileSync(join(box.folder, 'words.txt'), numbered);
});
after(() => rmSync(folder, { recursive: true }));

test('the scripts name Node and the two packages, and nothing of ours', () => {
  const named = scripts.flatMap((script) => {
    const text = readFileSync(join(import.meta.dirname, script), 'utf8');
    assert.doesNotMatch(text, /import\s*\(|require|process\.binding/);
    return [...text.matchAll(/^import .* from '([^']+)';$/gm)].map(([, name]) => name ?? '');
  });
  assert.ok(named.length >= 10);
  const foreign = new Set(named.filter((name) => !name.startsWith('node:')));
  assert.deepEqual([...foreign].toSorted(), ['@scure/bip39', '@scure/bip39/wordlists/english.js', 'age-encryption']);
  assert.ok(guide.includes(`\nnpm install --ignore-scripts ${packages.toSorted().toReversed().join(' ')}\n`));
});

test('where they run, nothing of ours can be read', () => {
  const ran = box.sh(`node --print "require('fs').statSync('${import.meta.filename}')"`);
  assert.notEqual(ran.status, 0);
  assert.match(ran.err, /ERR_ACCESS_DENIED/);
});

test('the guide gives everything back, from top to bottom', () => {
  const blocks = [...guide.matchAll(/```sh\n([^`]*)```/g)].map(([, block]) => block ?? '');
  assert.equal(blocks.length, 4);
  const ran = box.sh(blocks.join('\n'));
  assert.equal(ran.status, 0, ran.err);
  assert.equal(ran.err, '');
  assert.match(ran.out, /^10 messages$/m);
  assert.match(ran.out, /^8 filed messages, \d+ records$/m);
  mail = recovered(join(box.folder, 'mail'));
  about = readFileSync(join(box.folder, 'records/messages.jsonl'), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as AboutMessage);
});

test('every message and every attachment is what was sent, byte for byte, and there is none more', () => {
  const plain = mail.map(({ place: _place, ...message }) => message);
  const inOrder = (messages: readonly object[]): readonly string[] => messages.map(canonical).toSorted();
  assert.deepEqual(inOrder(plain), inOrder(account.messages));
  assert.equal(
    mail.reduce((sum, { attachments }) => sum + attachments.length, 0),
    13,
  );
  // Nothing was written but these, and nothing outside their folders.
  assert.deepEqual(readdirSync(box.folder).toSorted(), [
    'bin',
    'handover',
    'mail',
    'node_modules',
    'records',
    'records.mjs',
    'rescue.mjs',
    'words.txt',
  ]);
  for (const name of ['mail', 'records']) assert.equal(statSync(join(box.folder, name)).mode & 0o777, 0o700);
});

test('folders, blind recipients and pinned keys come back too', () => {
  const one = (subject: string): AboutMessage => {
    const found = about.find((message) => message.subject === subject);
    assert.ok(found);
    return found;
  };
  assert.equal(one('Grüße').folder, 'trash');
  assert.equal(one('One').folder, 'inbox');
  assert.deepEqual([one('Sent').folder, one('Sent').bcc], ['sent', ['carol@localhost']]);
  for (const { hold, subject } of about) {
    const place = mail.find((message) => message.place.endsWith(` holds-${hold}`));
    assert.equal(place?.subject, subject);
  }
  const records = readFileSync(join(box.folder, 'records/records.jsonl'), 'utf8');
  for (const name of ['bob', 'carol'])
    assert.ok(records.includes(`"kind":"pin","v":2,"address":"${name}@localhost"`), name);
});

test('every hold, attachments too, is an age file of its owner and of nobody else', () => {
  const records = readFileSync(join(box.folder, 'records/records.jsonl'), 'utf8');
  const [, identity] = /"seal":"(AGE-SECRET-KEY-PQ-1[^"]+)"/.exec(records) ?? [];
  const holds = readdirSync(join(box.folder, 'handover/holds'));
  assert.ok(holds.length > 20);
  const code = `
    import { readFileSync } from 'node:fs';
    import { Decrypter, generateHybridIdentity } from 'age-encryption';
    const opens = async (name, identity) => {
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity);
      return decrypter.decrypt(readFileSync('handover/holds/' + name)).then(() => true, () => false);
    };
    const stranger = await generateHybridIdentity();
    for (const name of ${JSON.stringify(holds)})
      if (!(await opens(name, '${identity}')) || (await opens(name, stranger))) console.log(name);`;
  writeFileSync(join(box.folder, 'opens.mjs'), code);
  const ran = box.sh('node opens.mjs');
  assert.deepEqual(ran, { status: 0, out: '', err: '' });
});

test('another kit, and words that are none, open nothing', () => {
  const first = account.aliceWords.with(0, account.aliceWords[0] === 'zoo' ? 'zone' : 'zoo');
  const wrong: readonly (readonly [readonly string[], RegExp, RegExp])[] = [
    [account.bobWords, /open no rescue file/, /open no latch/],
    [account.aliceWords.slice(1), /has 23 words/, /not hold the 24 words/],
    [account.aliceWords.with(4, 'latchkey'), /^word 5 is in no kit/, /not hold the 24 words/],
    // One in 256 is another kit.
    [first, /do not belong together|open no rescue file/, /not hold the 24 words|open no latch/],
  ];
  for (const [words, ...messages] of wrong) {
    writeFileSync(join(box.folder, 'wrong.txt'), words.join(' '));
    for (const [at, script] of scripts.entries()) {
      const ran = box.run(script, 'handover', 'wrong.txt', 'nothing');
      assert.equal(ran.status, 2, ran.err);
      assert.match(ran.err, messages[at] ?? /never/);
      assert.doesNotMatch(ran.err, /latchkey$/m);
      assert.ok(!existsSync(join(box.folder, 'nothing')));
    }
  }
});

test('a file that is lost or changed on the way is named, and the rest is given', () => {
  const [large] = withSubject('Between us');
  const [plain] = withSubject('Grüße');
  const copy = changed('on-the-way', (name) => {
    rmSync(join(name, `holds/${plain.hold}.age`));
    const path = join(name, `holds/${large.hold}.age`);
    const file = readFileSync(path);
    // Without its header.
    writeFileSync(path, file.subarray(file.indexOf('\n', file.indexOf('\n--- ') + 1) + 1));
  });
  const ran = box.run('rescue.mjs', copy, 'words.txt', 'partial');
  assert.equal(ran.status, 1);
  assert.equal(ran.out, '8 messages\n');
  assert.match(ran.err, new RegExp(`^problem: holds/${plain.hold}\\.age is not in the folder$`, 'm'));
  assert.match(ran.err, new RegExp(`^problem: holds/${large.hold}\\.age is not what was handed over$`, 'm'));
  assert.match(
    ran.err,
    new RegExp(`^problem: holds/${large.hold}\\.age does not open, or belongs to no message$`, 'm'),
  );
  const kept = recovered(join(box.folder, 'partial')).map(({ subject }) => subject);
  assert.deepEqual(
    kept.toSorted(),
    mail
      .map(({ subject }) => subject)
      .filter(isNeither)
      .toSorted(),
  );
  assert.match(box.run('records.mjs', copy, 'words.txt', 'partial-records').err, new RegExp(plain.hold));

  function isNeither(subject: string): boolean {
    return subject !== 'Between us' && subject !== 'Grüße';
  }
});

test('an operator who signs less than there is, or something else, is found out', () => {
  const [one] = withSubject('One');
  const [plain] = withSubject('Grüße');
  const attachment = one.items[2] ?? '';
  const copy = changed('dishonest', (name) => {
    // The last byte of a file's payload.
    const path = join(name, `holds/${attachment}.age`);
    const file = readFileSync(path);
    file[file.length - 1] = (file.at(-1) ?? 0) ^ 1;
    writeFileSync(path, file);
    rmSync(join(name, `holds/${plain.hold}.age`));
    writeSums(name);
  });
  const ran = box.run('rescue.mjs', copy, 'words.txt', 'less');
  assert.equal(ran.status, 1);
  assert.match(ran.err, /its attachment "übersicht "1"\.pdf" is not here, or not as it was signed$/m);
  assert.doesNotMatch(ran.err, new RegExp(plain.hold), 'nothing in mail can tell of a message that is not there');
  const records = box.run('records.mjs', copy, 'words.txt', 'less-records');
  assert.equal(records.status, 1);
  assert.match(records.err, new RegExp(`^problem: holds/${plain.hold}\\.age of message .* was not handed over$`, 'm'));

  // The record of the message goes too; then its line in the log of changes.
  const { id } = recordOf(plain.hold);
  dropLines(copy, 'record', id);
  assert.match(
    box.run('records.mjs', copy, 'words.txt', 'less-2').err,
    new RegExp(`^problem: record ${id}, version 1, was not handed over$`, 'm'),
  );
  dropLines(copy, 'change', id);
  const rewritten = box.run('records.mjs', copy, 'words.txt', 'less-3');
  assert.equal(rewritten.status, 1);
  assert.match(rewritten.err, /^problem: the log of space .* is not the one that your devices wrote$/m);
});

test('a file that its sender signed and that does not open stops nothing', () => {
  const [{ items }] = withSubject('Between us');
  const copy = changed('hostile-sender', (name) => {
    for (const item of items.slice(2)) {
      const path = join(name, `holds/${item}.age`);
      const file = readFileSync(path);
      file[file.length - 1] = (file.at(-1) ?? 0) ^ 1;
      writeFileSync(path, file);
    }
    writeSums(name);
  });
  // As if the changed bytes were those that the sender signed.
  const path = join(box.folder, 'rescue.mjs');
  const script = readFileSync(path, 'utf8');
  const believing = script.replace('if (hashes.join() !== part) continue;', '');
  assert.notEqual(believing, script);
  writeFileSync(path, believing);
  const ran = box.run('rescue.mjs', copy, 'words.txt', 'rest');
  writeFileSync(path, script);
  assert.equal(ran.status, 1);
  assert.equal(ran.out, '10 messages\n');
  assert.equal(ran.err.match(/^problem: .*: its attachment ".*" is not here, or not as it was signed$/gm)?.length, 3);
  const files = recovered(join(box.folder, 'rest')).flatMap(({ attachments }) => attachments);
  assert.equal(files.length, 13 - 3);
});

function canonical(message: object): string {
  return JSON.stringify(Object.entries(message).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function withSubject(subject: string): readonly [AboutMessage] {
  const found = about.find((message) => message.subject === subject);
  assert.ok(found);
  return [found];
}

function recordOf(hold: string): { readonly id: string } {
  const name = Buffer.from(hold, 'hex').toString('base64url');
  const lines = readFileSync(join(box.folder, 'records/records.jsonl'), 'utf8').split('\n');
  const line = lines.find((each) => each.includes('"kind":"message"') && each.includes(`"message":{"hold":"${name}"`));
  return JSON.parse(line ?? '') as { readonly id: string };
}

/** A copy of the handover with a fault. @returns its name in the sandbox */
function changed(name: string, change: (path: string) => void): string {
  const path = join(box.folder, name);
  cpSync(join(box.folder, 'handover'), path, { recursive: true });
  change(path);
  return name;
}

function dropLines(name: string, table: string, id: string): void {
  const path = join(box.folder, name, `tables/${table}.jsonl`);
  const lines = readFileSync(path, 'utf8').split('\n');
  const kept = lines.filter((line) => !line.includes(`"${id}"`));
  assert.equal(kept.length, lines.length - 1);
  writeFileSync(path, kept.join('\n'));
}

function writeSums(path: string): void {
  const listed = readFileSync(join(path, 'SHA256SUMS'), 'utf8').split('\n').slice(0, -1);
  const names = listed.map((line) => line.slice(66)).filter((name) => existsSync(join(path, name)));
  const sums = names.map((name) => {
    const hash = createHash('sha256')
      .update(readFileSync(join(path, name)))
      .digest('hex');
    return `${hash}  ${name}\n`;
  });
  writeFileSync(join(path, 'SHA256SUMS'), sums.join(''));
}
