/** The examples of the READMEs as files of somebody who has installed the package, and what stands around them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { consumer, root } from './consumer.ts';

/** Writes each TypeScript block of a room's README; gives the files' names. */
export function writeExamples(room: string): readonly string[] {
  const readme = readFileSync(join(root, 'packages', room, 'README.md'), 'utf8');
  return [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text = ''], place) => {
    const name = `${room}-example-${place + 1}.mts`;
    writeFileSync(join(consumer, name), text);
    return name;
  });
}

/** A log of one release, with its policy and the proof that a client is given. Run beside the examples of tlog. */
export const TLOG_STAGE = `
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import {
  cosignatureTypes, ed25519CosignatureType, ed25519NoteType, formatAddCheckpoint, formatCheckpoint, formatNote,
  formatTlogProof, formatVerifierKey, growTree, leafHash, noteVerifier, parseCheckpoint, parseCosignatures, parseNote,
  proveInclusion, signNote, verifierKey, withSignatures,
} from '@latchkey/tlog';
import { addCheckpoint } from './tlog-example-3.mts';

// What the log's example has left.
const head = parseCheckpoint(parseNote(readFileSync('checkpoint')).text);
console.log('log', head.origin, head.size, readFileSync('tile/0/000.p/2').length);

const pair = (name, type) => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x, 'base64url'));
  return { publicKey, key: verifierKey(name, type, raw), sign: (message) => new Uint8Array(sign(null, message, privateKey)) };
};
const log = pair('example.com/releases', ed25519NoteType);
const witness = pair('witness.example/w', ed25519CosignatureType);
writeFileSync('release.tar.gz', 'a release');
const leaf = leafHash(readFileSync('release.tar.gz'));
const growth = await growTree({ oldSize: 0, tiles: { readTile: async () => new Uint8Array() }, leafHashes: [leafHash(Buffer.from('older')), leaf] });
const tiles = { readTile: async () => growth.tiles[0].bytes };
const text = formatCheckpoint({ origin: log.key.name, size: growth.size, rootHash: growth.rootHash, extensions: [] });
const note = await signNote({ text, signatures: [] }, [log]);

const kept = [];
const known = { verifiers: [noteVerifier(log.key, (_key, message, signature) => verify(null, message, log.publicKey, signature))], head: null, persist: async (each) => void kept.push(each.size) };
const body = formatAddCheckpoint({ oldSize: 0, proof: [], checkpoint: formatNote(note) });
const lines = parseCosignatures(await addCheckpoint(body, new Map([[log.key.name, known]]), witness));
const refused = await addCheckpoint(body, new Map(), witness).catch(({ message }) => message);
console.log('witness', kept.join(), lines.length, refused);

writeFileSync('trust.policy', 'log ' + formatVerifierKey(log.key) + '\\nwitness w ' + formatVerifierKey(witness.key) + '\\nquorum w\\n');
const checkpoint = formatNote(withSignatures(note, lines));
const proof = await proveInclusion({ index: 1, size: 2 }, tiles);
writeFileSync('release.tlog-proof', formatTlogProof({ extra: null, index: 1, proof, checkpoint }));
await import('./tlog-example-1.mts');
`;

/** A directory in memory that proves to the client of the example. */
export const DIRECTORY_STAGE = `
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { ed25519NoteType, formatCheckpoint, formatNote, growTree, leafHash, signNote, verifierKey } from '@latchkey/tlog';
import { commit, encodeIndexLeaf, encodeLeaf, logOrigin, Replay, vrfInput } from '@latchkey/key-directory';
import { proveHead, proveLookup, proveVrf, vrfPublicKey } from '@latchkey/key-directory/prove';

const bytes = (value) => new Uint8Array(value);
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const logKey = bytes(Buffer.from(publicKey.export({ format: 'jwk' }).x, 'base64url'));
const secret = bytes(randomBytes(32));
const vrfKey = vrfPublicKey(secret);
writeFileSync('log-ed25519.pub', logKey);
writeFileSync('vrf.pub', vrfKey);
writeFileSync('policy', 'quorum none\\n');
const { newest } = await import('./key-directory-example-1.mts');

const label = 'alice@example.org';
const vrf = proveVrf(secret, vrfInput(label));
const opened = { opening: bytes(randomBytes(16)), note: bytes(Buffer.from('a key')) };
const commitment = commit({ ...opened, label, version: 0 });
const leaf = encodeLeaf({ flag: 'genesis', index: vrf.output.slice(0, 32), commitment });
const replay = new Replay();
replay.add(leaf);

const logOf = async (log, entry) => {
  const { size, rootHash, tiles } = await growTree({ oldSize: 0, tiles: { readTile: async () => bytes(0) }, leafHashes: [leafHash(entry)] });
  const origin = logOrigin({ domain: 'example.org', log, logKeys: [logKey], vrfPublicKey: vrfKey, format: 1 });
  const text = formatCheckpoint({ origin, size, rootHash, extensions: [] });
  const signer = { key: verifierKey(origin, ed25519NoteType, logKey), sign: (message) => bytes(sign(null, message, privateKey)) };
  return { size, tiles: { readTile: async () => tiles[0].bytes }, head: formatNote(await signNote({ text, signatures: [] }, [signer])) };
};
const keys = await logOf('keys', leaf);
const indexLeaf = encodeIndexLeaf({ mapRoot: replay.mapRoot(), checkpoint: keys.head });
const index = await logOf('index', indexLeaf);
const head = await proveHead({ index, keys, indexCheckpoint: index.head, indexLeaf }, null);
const lookup = await proveLookup({ replay, ...keys, readLeaf: () => leaf }, { vrf, firstVersion: 0, openingOf: () => opened });
console.log(Buffer.from(await newest(label, { head, lookup }, null)).toString());
console.log(await newest('bob@example.org', { head, lookup }, null).catch(({ message }) => message));
`;
