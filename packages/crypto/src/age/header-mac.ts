import type { Engine } from '../engine/engine.ts';
import { AGE_LABELS } from './labels.ts';

/** The MAC that binds the stanzas of a header to its file key (C2SP age, "Header MAC"). 32 bytes. */
export async function headerMac(
  engine: Pick<Engine, 'hkdfSha256' | 'hmacSha256'>,
  fileKey: Uint8Array,
  macInput: Uint8Array,
): Promise<Uint8Array> {
  const salt = new Uint8Array(0);
  const key = await engine.hkdfSha256({ secret: fileKey, salt, info: AGE_LABELS.header, lengthBytes: 32 });
  const mac = await engine.hmacSha256(key, macInput);
  key.fill(0);
  return mac;
}
