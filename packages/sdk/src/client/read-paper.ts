import { CryptoError, parseCard, parseKitLine, parseKitWords } from '@latchkey/crypto';
import type { ByHandHost } from '../ports.ts';

/** What was typed, scanned, or read from a saved page. */
export interface ReadPaper {
  readonly kind: 'card' | 'kit';
  /** Null where 24 words alone were given. */
  readonly address: string | null;
  readonly origin: string | null;
  /** What `logIn` takes as `card` or `kit`. */
  readonly line: string;
}

const MAX_CHARS = 262_144;

/** Null where it is neither card nor kit, or was mistyped. */
export async function readPaper({ engine }: Pick<ByHandHost, 'engine'>, text: string): Promise<ReadPaper | null> {
  if (text.length > MAX_CHARS) return null;
  const [, inPage] = /<meta name="latchkey-sheet" content="([^"&<>]+)"/.exec(text) ?? [];
  const line = (inPage ?? text).trim();
  try {
    if (/^latchkey\/kit\//i.test(line)) {
      const { address, origin } = await parseKitLine(engine, line);
      return { kind: 'kit', address, origin, line };
    }
    if (parseKitWords(line).outcome === 'kit') return { kind: 'kit', address: null, origin: null, line };
    const { address, origin } = await parseCard(engine, line);
    return { kind: 'card', address, origin, line };
  } catch (error) {
    if (error instanceof CryptoError) return null;
    throw error;
  }
}
