import type { ParsedMessage } from './parse-message.ts';

/** As `parse-message.ts`, which is loaded with the first message: a list of mail needs no reader of it. */
export async function parseMessage(bytes: Uint8Array): Promise<ParsedMessage> {
  const { parseMessage: parse } = await import('./parse-message.ts');
  return parse(bytes);
}
