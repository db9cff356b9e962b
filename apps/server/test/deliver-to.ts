import { randomHeader } from '../src/testing/index.ts';
import { bytes, id, pass, type TestOwner } from './test-owner.ts';

/** Delivers a blob that is there already. */
export async function deliverTo(from: TestOwner, address: string, blob: Uint8Array): Promise<void> {
  const recipient = { address, key: id(), headers: [randomHeader()], part: bytes(100) };
  const { answers } = await from.wire.call('deliver', { blobs: [blob], recipients: [recipient] }, await pass(from));
  if (answers[0] !== 'ok') throw new Error(`the delivery was answered ${answers[0] ?? 'not at all'}`);
}
