// openpgp.js as a program: `openpgp.ts keygen KEYFILE`, `openpgp.ts seal KEYFILE IN OUT`, `openpgp.ts open KEYFILE IN OUT`.
// Its AEAD (SEIPD version 2, AES-GCM) on Node's WebCrypto, in chunks of 64 KiB, binary, as streams.
import { createReadStream, createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import * as openpgp from 'openpgp';

const [verb = '', keyFile = '', from = '', to = ''] = process.argv.slice(2);
const config = {
  aeadProtect: true,
  preferredAEADAlgorithm: openpgp.enums.aead.gcm,
  aeadChunkSizeByte: 10,
  preferredCompressionAlgorithm: openpgp.enums.compression.uncompressed,
  allowUnauthenticatedStream: true,
};
if (verb === 'keygen') {
  const { privateKey } = await openpgp.generateKey({
    type: 'curve25519',
    userIDs: [{ email: 'alice@example.org' }],
    format: 'armored',
    config,
  });
  writeFileSync(keyFile, privateKey);
} else {
  const key = await openpgp.readPrivateKey({ armoredKey: readFileSync(keyFile, 'utf8') });
  const source = Readable.toWeb(createReadStream(from, { highWaterMark: 1 << 20 })) as ReadableStream<Uint8Array>;
  const sink = Writable.toWeb(createWriteStream(to)) as WritableStream<Uint8Array>;
  if (verb === 'seal') {
    const message = await openpgp.createMessage({ binary: source as openpgp.WebStream<Uint8Array> });
    const sealed = await openpgp.encrypt({ message, encryptionKeys: key, format: 'binary', config });
    await (sealed as ReadableStream<Uint8Array>).pipeTo(sink);
  } else {
    const message = await openpgp.readMessage({ binaryMessage: source as openpgp.WebStream<Uint8Array>, config });
    const opened = await openpgp.decrypt({ message, decryptionKeys: key, format: 'binary', config });
    await (opened.data as ReadableStream<Uint8Array>).pipeTo(sink);
  }
}
