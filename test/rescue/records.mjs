// What rescue.mjs leaves: folders, read marks, blind recipients, pinned keys, and whether anything was left out of the
// handover. Node's own modules and the word list of `@scure/bip39`, nothing else; docs/spec says the rest.
//
//     node records.mjs HANDOVER-FOLDER FILE-WITH-24-WORDS NEW-FOLDER
import { createDecipheriv, createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';

const KIT_LATCH = 3; // 04-records.md, "Latch"
const sha256 = (...pieces) => pieces.reduce((hash, piece) => hash.update(piece), createHash('sha256')).digest();
const hkdf = (secret, salt, ...info) => Buffer.from(hkdfSync('sha256', secret, salt, Buffer.concat(info), 32));
const bytes = (base64url) => Buffer.from(base64url, 'base64url');
const number = (value, lengthBytes) => Buffer.from(value.toString(16).padStart(2 * lengthBytes, '0'), 'hex');
const problems = [];
process.on('uncaughtException', ({ message }) => process.exit(console.error(message) ?? 2));

const [folder, wordsFile, out] = process.argv.slice(2);
if (out === undefined) throw new Error('usage: node records.mjs HANDOVER-FOLDER FILE-WITH-24-WORDS NEW-FOLDER');
const root = vaultRoot(
  readFileSync(wordsFile, 'utf8')
    .toLowerCase()
    .match(/[a-z]+/g) ?? [],
);
const vault = openSpace(rowsOf('space').find(({ kind }) => kind === 'vault').id, vaultSecrets);
const mailboxes = vault.filter(({ body }) => body.kind === 'space').map(({ body }) => body);
const mail = mailboxes.flatMap(({ space, epochs }) =>
  openSpace(space, () => new Map(epochs.map(({ epoch, secret }) => [epoch, bytes(secret)]))),
);
const messages = mail.filter(({ body }) => body.kind === 'message').map(aboutMessage);
for (const { hold, items } of messages)
  for (const item of items)
    if (!existsSync(join(folder, 'holds', `${item}.age`)))
      problems.push(`holds/${item}.age of message ${hold} was not handed over`);

mkdirSync(out, { mode: 0o700 });
const lines = (values) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
writeFileSync(join(out, 'records.jsonl'), lines([...vault, ...mail]), { mode: 0o600 });
writeFileSync(join(out, 'messages.jsonl'), lines(messages), { mode: 0o600 });
console.log(`${messages.length} filed messages, ${vault.length + mail.length} records`);
for (const problem of problems) console.error(`problem: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;

function rowsOf(table) {
  const text = readFileSync(join(folder, 'tables', `${table}.jsonl`), 'utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** 05-account.md, "Recovery kit"; 04-records.md, "Latch". */
function vaultRoot(words) {
  let entropy;
  try {
    entropy = mnemonicToEntropy(words.join(' '), wordlist);
  } catch {
    throw new Error(`${wordsFile} does not hold the 24 words of a kit`);
  }
  const note = readFileSync(join(folder, 'HANDOVER.note'), 'utf8');
  const [, origin, address] = /^origin (.*)\naccount (.*)\n/m.exec(note);
  const account = sha256('latchkey/v1/account\0', address, '\0', origin).subarray(0, 16);
  for (const { id, kind, generation, wrapped } of rowsOf('login')) {
    if (kind !== 'kit') continue;
    const kek = hkdf(entropy, '', Buffer.from(`latchkey/v1/kit-kek${address}`), number(generation, 4));
    const place = [account, bytes(id), number(KIT_LATCH, 1), number(generation, 4)];
    const opened = openSalted({ secret: kek, label: 'latchkey/v1/latch-key', sealed: bytes(wrapped).subarray(1) }, [
      Buffer.from('latchkey/v1/latch'),
      ...place,
    ]);
    if (opened !== null) return { secret: opened, generation };
  }
  throw new Error('these 24 words open no latch of this folder');
}

/** ChaCha20-Poly1305 with a nonce of zeros, under a key of its own for each salt. Null where it does not open. */
function openSalted({ secret, label, sealed }, place) {
  const ad = Buffer.concat(place);
  const key = hkdf(secret, sealed.subarray(0, 32), Buffer.from(label), sha256(ad));
  const cipher = createDecipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: 16 });
  cipher.setAuthTag(sealed.subarray(-16));
  cipher.setAAD(ad);
  const text = cipher.update(sealed.subarray(32, -16));
  try {
    cipher.final();
  } catch {
    return null;
  }
  return text;
}

/** 05-account.md, "Vault": its epoch is the root's generation. */
function vaultSecrets(space) {
  return new Map([[root.generation, hkdf(root.secret, bytes(space), Buffer.from('latchkey/v1/vault'))]]);
}

/** All records of a space that are not deletions; 07-spaces.md tells how to see that there are no others. */
function openSpace(space, secretsOf) {
  const secrets = secretsOf(space);
  const inSpace = (row) => row.space === space;
  const records = new Map(
    rowsOf('record')
      .filter(inSpace)
      .map((row) => [row.id, row]),
  );
  const changes = rowsOf('change')
    .filter(inSpace)
    .toSorted((a, b) => a.number - b.number);
  checkHeads(space, secrets, changes);
  const newest = new Map(changes.map((change) => [change.record, change]));
  return [...newest.values()].flatMap(({ record: id, version, epoch, hash }) => {
    const row = records.get(id);
    if (row === undefined || row.version !== version || sha256(bytes(row.sealed)).toString('base64url') !== hash) {
      problems.push(`record ${id}, version ${version}, was not handed over`);
      return [];
    }
    // 04-records.md, "Record", "Padding".
    const place = [Buffer.from('latchkey/v1/record\0'), bytes(space), number(epoch, 4), bytes(id)];
    const sealed = bytes(row.sealed).subarray(5);
    const padded = openSalted({ secret: secrets.get(epoch), label: 'latchkey/v1/record', sealed }, [
      ...place,
      number(version, 8),
      Buffer.alloc(32),
    ]);
    if (padded === null) throw new Error(`record ${id} does not open`);
    const body = padded.subarray(8, 8 + Number(padded.readBigUInt64BE()));
    return body.length === 0 ? [] : [{ id, version, body: JSON.parse(body.toString('utf8')) }];
  });
}

/** 07-spaces.md, "Heads", "Change log": what a device of the owner vouched for is the beginning of this log. */
function checkHeads(space, secrets, changes) {
  const label = 'latchkey/v1/change\0';
  const leaves = changes.map(({ record, version, epoch, hash }) =>
    sha256('\0', sha256(label, bytes(record), number(version, 8), number(epoch, 4), bytes(hash))),
  );
  const heads = rowsOf('head').filter((row) => row.space === space);
  const isTrue = heads.map(({ head: text }) => {
    const head = bytes(text);
    const key = hkdf(secrets.get(head.readUInt32BE(1)), bytes(space), Buffer.from('latchkey/v1/head'));
    if (!timingSafeEqual(createHmac('sha256', key).update(head.subarray(0, -32)).digest(), head.subarray(-32)))
      return false;
    const size = Number(head.readBigUInt64BE(21));
    return size <= leaves.length && treeRoot(leaves.slice(0, size)).equals(head.subarray(29, 61)) ? size : false;
  });
  if (isTrue.includes(false)) problems.push(`the log of space ${space} is not the one that your devices wrote`);
  if (Math.max(0, ...isTrue) < leaves.length || leaves.length === 0)
    problems.push(`no device vouched for the end of the log of space ${space}`);
}

/** RFC 6962, section 2.1. */
function treeRoot(leaves) {
  if (leaves.length === 1) return leaves[0];
  let left = 1;
  while (left * 2 < leaves.length) left *= 2;
  return sha256('\x01', treeRoot(leaves.slice(0, left)), treeRoot(leaves.slice(left)));
}

/** 09-mail.md, "Records". Names of holds are those of the folders that rescue.mjs writes. */
function aboutMessage({ id, body }) {
  const hex = ({ hold }) => bytes(hold).toString('hex');
  const state = mail.find((record) => record.body.kind === 'state' && record.body.message === id)?.body;
  const { folder: moved = 'inbox', read = false, starred = false } = state ?? {};
  const folder = moved === 'inbox' && body.way === 'sent' ? 'sent' : moved;
  const items = [body.message, ...(body.keyList === null ? [] : [body.keyList]), ...body.attachments].map(hex);
  const { subject, from } = body.summary;
  return {
    hold: hex(body.message),
    way: body.way,
    folder,
    read,
    starred,
    subject,
    from,
    to: body.to,
    bcc: body.bcc,
    items,
  };
}
