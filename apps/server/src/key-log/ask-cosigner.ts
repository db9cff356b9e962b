import {
  formatAddCheckpoint,
  parseCosignatures,
  parseNote,
  parseSizeAnswer,
  TlogError,
  verifyNote,
  withSignatures,
  type NoteSignature,
} from '@latchkey/tlog';
import type { Cosigner } from './cosigner.ts';

/** An auditor answers within six seconds, or says that it is later. */
const timeoutMs = 8_000;
const maxAnswerBytes = 65_536;

export interface HeadToCosign {
  readonly size: number;
  /** With the log's own lines only. */
  readonly note: string;
  /** From the size that the cosigner knows. */
  consistency(oldSize: number): Promise<readonly Uint8Array[]>;
  /** The server stops. */
  readonly signal: AbortSignal;
}

export type CosignerAnswer =
  | { readonly answer: 'cosigned'; readonly lines: readonly NoteSignature[] }
  /** It knows a larger head than this server has ever signed, or another one of this size: this data is not the newest. */
  | { readonly answer: 'ahead'; readonly size: number }
  | { readonly answer: 'away'; readonly reason: string };

/**
 * One head to one cosigner (C2SP tlog-witness, "add-checkpoint"). Where it knows another size than we thought it is
 * asked once more from there.
 */
export async function askCosigner(cosigner: Cosigner, head: HeadToCosign, knownSize: number): Promise<CosignerAnswer> {
  const first = await post(cosigner, head, Math.min(knownSize, head.size));
  if ('answer' in first) return first;
  if (first.size > head.size) return { answer: 'ahead', size: first.size };
  const second = await post(cosigner, head, first.size);
  return 'answer' in second ? second : { answer: 'away', reason: 'it does not say which size it knows' };
}

async function post(
  cosigner: Cosigner,
  head: HeadToCosign,
  oldSize: number,
): Promise<CosignerAnswer | { readonly size: number }> {
  const proof = await head.consistency(oldSize);
  const body = formatAddCheckpoint({ oldSize, proof, checkpoint: Buffer.from(head.note, 'utf8') });
  let response: { status: number; bytes: Uint8Array };
  try {
    response = await send(`${cosigner.url}/add-checkpoint`, body, head.signal);
  } catch (error) {
    return { answer: 'away', reason: error instanceof Error ? error.name : 'no answer' };
  }
  const { status, bytes } = response;
  if (status === 200) return verified(cosigner, head, bytes);
  if (status !== 409) return { answer: 'away', reason: `status ${status}` };
  const size = parseSizeAnswer(Buffer.from(bytes).toString('utf8'));
  if (size === null || size === oldSize) {
    // Our proof starts where it stands, or at this very size, and still it says no: it has another head of this size. One
    // that differs in nothing but the root comes without a size.
    return oldSize === head.size
      ? { answer: 'ahead', size: head.size }
      : { answer: 'away', reason: 'a conflict without a size' };
  }
  return { size };
}

async function verified(cosigner: Cosigner, head: HeadToCosign, bytes: Uint8Array): Promise<CosignerAnswer> {
  const keys = cosigner.verifiers.map(({ key }) => key);
  try {
    const lines = parseCosignatures(bytes).filter((line) =>
      keys.some(({ name, keyId }) => name === line.keyName && keyId === line.keyId),
    );
    const note = withSignatures(parseNote(Buffer.from(head.note, 'utf8')), lines);
    const verdict = await verifyNote(note, cosigner.verifiers, 'all');
    return verdict.verified ? { answer: 'cosigned', lines } : { answer: 'away', reason: verdict.reason };
  } catch (error) {
    if (error instanceof TlogError) return { answer: 'away', reason: error.code };
    throw error;
  }
}

async function send(
  url: string,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<{ status: number; bytes: Uint8Array }> {
  const response = await fetch(url, {
    method: 'POST',
    body: new Uint8Array(body),
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxAnswerBytes) throw new RangeError('the answer is too long');
    chunks.push(chunk);
  }
  return { status: response.status, bytes: Buffer.concat(chunks) };
}
