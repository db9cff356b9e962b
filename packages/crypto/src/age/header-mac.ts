import type { Engine } from '../engine/engine.ts';
import { AGE_LABELS } from './labels.ts';

/** The MAC that binds the stanzas of a header to its file key (C2SP age, "Header MAC"). 32 bytes. */
export async function headerMac(
  engine: Pick<Engine, 'hkdfSha256' | 'hmacSha256'>,
  fileKey: Uint8Array,
  macInput: Uint8Array,
): Promise<Uint8Array> {
  const key = await headerMacKey(engine, fileKey);
  const mac = await engine.hmacSha256(key, macInput);
  key.fill(0);
  return mac;
}

/** The key of that MAC, the same for all headers of one file key. Secret; 32 bytes. */
export async function headerMacKey(engine: Pick<Engine, 'hkdfSha256'>, fileKey: Uint8Array): Promise<Uint8Array> {
  return engine.hkdfSha256({ secret: fileKey, salt: new Uint8Array(0), info: AGE_LABELS.header, lengthBytes: 32 });
}
