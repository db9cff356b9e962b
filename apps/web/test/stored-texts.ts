/** Everything that a page's origin has stored in its browser, as one text in which markers can be looked for. */
import type { Page } from 'puppeteer-core';

/** Raw bytes as Latin-1, texts as they are, one thing a line. Keys that the browser does not give out are named. */
export async function storedTexts(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const lines: string[] = [];
    const latin = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
    const tell = (value: unknown): void => {
      if (value instanceof ArrayBuffer) lines.push(latin(new Uint8Array(value)));
      else if (ArrayBuffer.isView(value)) lines.push(latin(new Uint8Array(value.buffer)));
      else if (value instanceof CryptoKey)
        lines.push(`key ${value.algorithm.name} extractable=${String(value.extractable)}`);
      else if (Array.isArray(value)) value.forEach(tell);
      else if (typeof value === 'object' && value !== null) Object.entries(value).forEach(tell);
      else lines.push(String(value));
    };
    const asked = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.addEventListener('success', () => resolve(request.result));
        request.addEventListener('error', () => reject(new Error('no answer')));
      });
    tell(Object.entries(localStorage));
    tell(Object.entries(sessionStorage));
    tell(document.cookie);
    for (const { name = '' } of await indexedDB.databases()) {
      tell(name);
      const database = await asked(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const objects = database.transaction(store).objectStore(store);
        const [keys, values] = await Promise.all([asked(objects.getAllKeys()), asked(objects.getAll())]);
        tell([store, keys, values]);
      }
      database.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      tell([name, (await cache.keys()).map(({ url }) => url)]);
    }
    return lines.join('\n');
  });
}

/** Raw, in base64 of every alignment, in hex, and in UTF-16. */
export function formsOf(marker: string): readonly string[] {
  const bytes = Buffer.from(marker);
  const base64 = [0, 1, 2].map((lead) => {
    const text = Buffer.concat([Buffer.alloc(lead), bytes])
      .toString('base64')
      .replaceAll('=', '');
    return text.slice(lead === 0 ? 0 : lead + 1, -2);
  });
  const url = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [marker, bytes.toString('hex'), Buffer.from(marker, 'utf16le').toString('latin1'), ...base64, ...url];
}
