// Takes every message and every attachment out of a handover folder with the 24 words of the recovery kit. Nothing of
// Latchkey is in it: Node's own modules, `age-encryption` (typage), and the word list of `@scure/bip39`. It follows the
// pages of docs/spec that it names; docs/guide/rescue.md tells how to use it:
//
//     node rescue.mjs HANDOVER-FOLDER FILE-WITH-24-WORDS NEW-FOLDER
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync, openAsBlob, openSync } from 'node:fs';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { Decrypter } from 'age-encryption';

const HEADER_BYTES = 2 * 1024 * 1024; // 01-item.md, "Limits"
const PART_BYTES = 128 * 65_552; // 08-message.md, "Attachments"
const MESSAGE_BYTES = 64 * 1024 * 1024; // 08-message.md, "MIME", "Key list": 32 MiB, and what is around them

const sha256 = (...pieces) => pieces.reduce((hash, piece) => hash.update(piece), createHash('sha256')).digest();
const hkdf = (secret, info) => Buffer.from(hkdfSync('sha256', secret, '', info, 32));
const bytesOf = async (source) => Buffer.from(await new Response(source).arrayBuffer());
const filesIn = (path) => (existsSync(path) ? readdirSync(path).map((name) => join(path, name)) : []);
const problems = [];
process.on('uncaughtException', ({ message }) => process.exit(console.error(message) ?? 2));

const [folder, wordsFile, out] = process.argv.slice(2);
if (out === undefined) throw new Error('usage: node rescue.mjs HANDOVER-FOLDER FILE-WITH-24-WORDS NEW-FOLDER');
await checkSums();
const mine = await ownIdentities(readFileSync(wordsFile, 'utf8'));
mkdirSync(out, { mode: 0o700 });
const files = await openFiles();
await writeMessages();
for (const problem of problems) console.error(`problem: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** 10-handover.md, "Folder": is everything here that was handed over, and as it was? */
async function checkSums() {
  const listed = readFileSync(join(folder, 'SHA256SUMS'), 'utf8').split('\n').slice(0, -1);
  for (const [wanted, name] of listed.map((line) => line.split('  '))) {
    const hash = createHash('sha256');
    if (!existsSync(join(folder, name))) problems.push(`${name} is not in the folder`);
    else {
      for await (const piece of createReadStream(join(folder, name))) hash.update(piece);
      if (hash.digest('hex') !== wanted) problems.push(`${name} is not what was handed over`);
    }
  }
  const missing = readFileSync(join(folder, 'MISSING.txt'), 'utf8').split('\n').slice(0, -1);
  problems.push(...missing.map((name) => `${name}: the server had no bytes of it`));
}

/** 05-account.md, "Recovery kit", "Rescue file": words, entropy, age identity of the kit, identities of the owner. */
async function ownIdentities(text) {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  if (words.length !== 24) throw new Error(`${wordsFile} has ${words.length} words, not 24`);
  const unknown = words.findIndex((word) => !wordlist.includes(word));
  if (unknown !== -1) throw new Error(`word ${unknown + 1} is in no kit: look at its spelling`);
  const [kit, owner] = [new Decrypter(), new Decrypter()];
  kit.addIdentity(ageIdentity(hkdf(entropyOf(words), 'latchkey/v1/kit-seal')));
  for (const file of filesIn(join(folder, 'rescue'))) {
    const opened = await kit.decrypt(readFileSync(file), 'text').catch(() => '');
    const identities = opened.match(/^AGE-SECRET-KEY-.*$/gm) ?? [];
    for (const identity of identities) owner.addIdentity(identity);
    if (identities.length > 0) return owner;
  }
  throw new Error('these 24 words open no rescue file of this folder');
}

function entropyOf(words) {
  try {
    return mnemonicToEntropy(words.join(' '), wordlist);
  } catch {
    throw new Error('these 24 words do not belong together: one is another word, or two changed places');
  }
}

/** An identity in age's spelling: Bech32 (BIP-173) of the 32 bytes, in capitals. */
function ageIdentity(seed) {
  const prefix = [...Buffer.from('age-secret-key-pq-')];
  const bits = [...seed].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const data = bits.match(/.{1,5}/g).map((five) => Number.parseInt(five.padEnd(5, '0'), 2));
  let sum = 1;
  for (const value of [...prefix.map((c) => c >> 5), 0, ...prefix.map((c) => c & 31), ...data, 0, 0, 0, 0, 0, 0]) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ff_ffff) << 5) ^ value;
    [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].forEach((g, at) => (sum ^= (top >> at) & 1 ? g : 0));
  }
  const checksum = [25, 20, 15, 10, 5, 0].map((shift) => ((sum ^ 1) >>> shift) & 31);
  const text = [...data, ...checksum].map((value) => 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'[value]).join('');
  return `age-secret-key-pq-1${text}`.toUpperCase();
}

/** Tells messages and key lists from all else by what they hold. What is all else, only a key list can say. */
async function openFiles() {
  const found = [];
  const arrivals = filesIn(join(folder, 'arrivals')).flatMap(filesIn);
  for (const path of [...filesIn(join(folder, 'holds')), ...arrivals].filter((name) => /\.(age|payload)$/.test(name))) {
    const blob = await openAsBlob(path);
    const start = (await bytesOf(blob.slice(0, HEADER_BYTES))).toString('latin1');
    // 01-item.md, "Header": it ends with the first line that begins with three dashes. Without one: a payload alone.
    const header = /^age-encryption\.org\/v1\n[^]*?\n--- [^\n]*\n/.exec(start)?.[0] ?? '';
    const payload = blob.slice(header.length);
    const nonce = (await bytesOf(payload.slice(0, 16))).toString('base64');
    const fileKey = await mine.decryptHeader(Buffer.from(header, 'latin1')).catch(() => null);
    const file = { name: path.slice(folder.length + 1), payload, nonce, fileKey, isUsed: false };
    found.push(file);
    if (fileKey === null || payload.size > MESSAGE_BYTES) continue;
    try {
      const begins = await firstChunk(await open(file));
      if (begins.startsWith('{"kind":"key-list"')) file.keyList = parseKeyList(await bytesOf(await open(file)));
      if (begins.startsWith('Date: ')) file.message = parseEnvelope(await bytesOf(await open(file)));
    } catch {
      // Damaged, or an attachment that looks like something else: it is told below if no message names it.
    }
  }
  return found;
}

/** With typage, under a header that is made here for the file key (01-item.md: header and payload may be kept apart). */
async function open({ fileKey, payload }) {
  const lines = 'age-encryption.org/v1\n-> known\n\n---';
  const mac = createHmac('sha256', hkdf(fileKey, 'header')).update(lines).digest('base64').replaceAll('=', '');
  const decrypter = new Decrypter();
  decrypter.addIdentity({ unwrapFileKey: () => fileKey });
  return decrypter.decrypt(new Blob([`${lines} ${mac}\n`, payload]).stream());
}

async function firstChunk(stream) {
  const reader = stream.getReader();
  const { value = [] } = await reader.read();
  await reader.cancel();
  return Buffer.from(value).toString('latin1');
}

/** 08-message.md, "Envelope": head, signed statement, what was written. The boundary stands nowhere else. */
function parseEnvelope(bytes) {
  const text = bytes.toString('latin1');
  const [, boundary] = /boundary="(latchkey-[0-9a-f]{32})"/.exec(text);
  const [, note, mime] = text.split(`\r\n--${boundary}`).map((part) => part.slice(part.indexOf('\r\n\r\n') + 4));
  const { date, body, attachment = [] } = fieldsOf(note);
  const eml = Buffer.from(mime, 'latin1');
  if (body[0] !== sha256(eml).toString('base64')) throw new Error('these are not the words that were signed');
  return { date: /^[\dTZ:-]{20}$/.exec(date[0])[0], attachments: attachment.join(), eml, envelope: bytes };
}

/** 08-message.md, "Key list": JSON, then zero bytes. `stated` stands in the owner's copies of what was sent. */
function parseKeyList(bytes) {
  const { attachments } = JSON.parse(bytes.toString('utf8').replace(/\0+$/, ''));
  const hashes = attachments.map(({ salt, manifest, stated = { salt, manifest } }) =>
    sha256('latchkey/v1/attachment\0', Buffer.from(stated.salt, 'base64url'), stated.manifest).toString('base64'),
  );
  const entries = attachments.map(({ key, manifest }) => {
    const { name, nonce, item, size, part } = fieldsOf(manifest);
    const label = decodeURIComponent(name[0]);
    return {
      fileKey: Buffer.from(key, 'base64url'),
      label,
      nonce: nonce[0],
      item: item[0],
      size: size[0],
      part: part.join(),
    };
  });
  return { hashes: hashes.join(), entries };
}

/** 02-statements.md: of each line the last value, which is the only one of those that are asked for here. */
function fieldsOf(note) {
  const fields = {};
  for (const line of note.slice(0, note.indexOf('\n\n')).split('\n').slice(1)) {
    const values = line.split(' ');
    (fields[values[0]] ??= []).push(values.at(-1));
  }
  return fields;
}

async function writeMessages() {
  const withLists = files.flatMap(({ name, nonce, message }) => {
    if (message === undefined) return [];
    const lists = files.filter(({ keyList }) => message.attachments !== '' && keyList?.hashes === message.attachments);
    return [{ ...message, name, nonce, lists }];
  });
  // What is a message and also a file that was attached to one is an attachment.
  const entries = withLists.flatMap(({ lists }) => lists.flatMap(({ keyList }) => keyList.entries));
  const attached = new Set(entries.map(({ nonce }) => nonce));
  const messages = withLists.filter(({ nonce }) => !attached.has(nonce));
  for (const { date, name, eml, envelope, attachments, lists } of messages) {
    const place = join(out, `${date.replaceAll(':', '')} ${name.replace(/\.age$/, '').replaceAll('/', '-')}`);
    mkdirSync(place);
    writeFileSync(join(place, 'message.eml'), eml);
    writeFileSync(join(place, 'signed.eml'), envelope);
    for (const file of [...lists, files.find((each) => each.name === name)]) file.isUsed = true;
    if (attachments !== '' && lists.length === 0) problems.push(`${name}: the key list of its attachments is not here`);
    for (const at of lists[0]?.keyList.entries.keys() ?? []) {
      // A message to oneself is here twice, with a key list each.
      await writeAttachment(
        place,
        name,
        lists.map(({ keyList }) => keyList.entries[at]),
      );
    }
  }
  console.log(`${messages.length} messages`);
  for (const { name, isUsed } of files) if (!isUsed) problems.push(`${name} does not open, or belongs to no message`);
}

/** 08-message.md, "Attachments": found by its nonce, compared with what was signed, written without the padding. */
async function writeAttachment(place, messageName, entries) {
  let target = freePath(join(place, 'attachments'), entries[0].label);
  for (const { fileKey, nonce, item, size, part } of entries) {
    for (const file of files.filter((each) => each.nonce === nonce)) {
      // 01-item.md, "Item commitment"; then the parts, which leave the nonce out.
      if (sha256('latchkey/v1/item\0', fileKey, Buffer.from(nonce, 'base64')).toString('base64') !== item) continue;
      const hashes = [];
      for (let at = 16; at < file.payload.size; at += PART_BYTES)
        hashes.push(sha256(await bytesOf(file.payload.slice(at, at + PART_BYTES))).toString('base64'));
      if (hashes.join() !== part) continue;
      file.isUsed = true;
      if (target === null) continue;
      try {
        const opened = Readable.fromWeb(await open({ fileKey, payload: file.payload }));
        // The file first: one that a stream makes later would come after it is taken away below.
        const out = createWriteStream(target, { fd: openSync(target, 'wx', 0o600) });
        await pipeline(opened, (chunks) => upTo(Number(size), chunks), out);
      } catch {
        // Its sender signed something that does not open: no reason to stop before the next message.
        rmSync(target, { force: true });
        continue;
      }
      target = null;
    }
  }
  const { label } = entries[0];
  if (target !== null) problems.push(`${messageName}: its attachment "${label}" is not here, or not as it was signed`);
}

async function* upTo(size, chunks) {
  let left = size;
  for await (const chunk of chunks) {
    yield chunk.subarray(0, left);
    left -= Math.min(left, chunk.length);
  }
  if (left !== 0) throw new Error('shorter than it says');
}

/** A name in a message is a label: here it becomes the name of a file, in this folder and of its own. */
function freePath(place, label) {
  mkdirSync(place, { recursive: true });
  let safe = label.replace(/[/\\:*?"<>|\p{Cc}]/gu, '_').replace(/^\./, '_');
  while (Buffer.byteLength(safe) > 200) safe = safe.slice(1);
  for (let number = 1; ; number += 1) {
    const path = join(place, number === 1 ? safe : `${number} ${safe}`);
    if (!existsSync(path)) return path;
  }
}
