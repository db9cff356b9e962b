import type { IncomingMessage } from 'node:http';
import { Refused } from '../store/refused.ts';

/** The whole body, never more than the limit. @throws Refused `body_too_large`, `request_malformed` */
export async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const declared = Number(incoming.headers['content-length'] ?? 0);
  if (declared > maxBytes) throw new Refused('body_too_large');
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) throw new Refused('body_too_large');
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused('request_malformed');
  }
  return Buffer.concat(chunks, sizeBytes);
}
