import type { Engine } from '../engine/engine.ts';

export const ACCOUNT_SECRET_BYTES: number = 16;

/** 128 random bits, made on the first device and kept on each device and on the sign-in card. */
export function makeAccountSecret(engine: Engine): Uint8Array {
  return engine.randomBytes(ACCOUNT_SECRET_BYTES);
}
