import { WitnessError } from '../errors.ts';

const timeoutMs = 30_000;

/**
 * GET, bounded in bytes (after decompression) and time; follows nothing.
 *
 * @returns null for 404
 * @throws WitnessError `log_unreachable`, `log_answer_malformed`
 */
export async function fetchBytes(url: string, maxBytes: number): Promise<Uint8Array | null> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, { signal, redirect: 'error', headers: { accept: '*/*' } });
    if (response.status !== 200) {
      await response.body?.cancel();
      if (response.status === 404) return null;
      throw new WitnessError('log_unreachable', `${url} answers ${response.status}`);
    }
    return await readBounded(response, { url, maxBytes });
  } catch (error) {
    if (error instanceof WitnessError) throw error;
    throw new WitnessError('log_unreachable', `${url} cannot be fetched`, { cause: error });
  }
}

async function readBounded(
  response: Response,
  { url, maxBytes }: { readonly url: string; readonly maxBytes: number },
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early gives the line up.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > maxBytes) throw new WitnessError('log_answer_malformed', `${url} is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks, length));
}
