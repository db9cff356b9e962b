import type { Plugin } from 'vite';

/** Base64 of a WebAssembly module: the letters of its first bytes, and many. */
const MODULE = /(["'`])(AGFzbQ[A-Za-z0-9+/]{10000,}={0,2})\1/g;

const HEAD_BYTES = 8;
const CUSTOM_SECTION = 0;
/** What cannot stand in a string between single quotes as it is. */
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r' };

/** A module on its way through the minifier, which would write many letters out; nobody else writes this. */
const ON_ITS_WAY = /latchkeyWasm\((["'`])([0-9a-f]+)\1\)/g;

/** In the source of a library: the module, without names for debuggers, as the minifier leaves it alone. */
export function takeWasm(code: string): string {
  return code.replaceAll(MODULE, (_whole, _quote, base64: string) => {
    return `latchkeyWasm('${withoutCustomSections(Buffer.from(base64, 'base64')).toString('hex')}')`;
  });
}

/**
 * In the finished script: libraries bring WebAssembly as base64, whose letters no longer stand where bytes do. With a
 * letter for each byte it is compressed a quarter smaller. The library gets its base64 back when the script runs.
 */
export function putWasm(code: string): string {
  return code.replaceAll(ON_ITS_WAY, (_whole, _quote, hex: string) => {
    const letters = Buffer.from(hex, 'hex').toString('latin1');
    return `btoa('${letters.replaceAll(/[\\'\n\r]/g, (letter) => ESCAPED[letter] ?? letter)}')`;
  });
}

/** WebAssembly core specification 2.0, section 5.5.3: "their contents are ignored by the WebAssembly semantics". */
function withoutCustomSections(module: Buffer): Buffer {
  const kept = [module.subarray(0, HEAD_BYTES)];
  for (let at = HEAD_BYTES; at < module.length;) {
    const [length, start] = decodeU32(module, at + 1);
    const end = start + length;
    if (end > module.length) throw new Error('a section of a WebAssembly module goes beyond its end');
    if (module[at] !== CUSTOM_SECTION) kept.push(module.subarray(at, end));
    at = end;
  }
  return Buffer.concat(kept);
}

/** LEB128. @returns the number, and where it ends */
function decodeU32(bytes: Buffer, start: number): [number: number, end: number] {
  let number = 0;
  for (let at = start; at < start + 5; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) break;
    number += (byte & 0x7f) * 2 ** (7 * (at - start));
    if (byte < 0x80) return [number, at + 1];
  }
  throw new Error('a section of a WebAssembly module has no length');
}

export function compactWasmPlugin(): Plugin {
  return {
    name: 'latchkey-compact-wasm',
    transform: {
      filter: { id: /\/node_modules\/.*(libsodium|opaque).*\.m?js$/ },
      handler(code) {
        const made = takeWasm(code);
        return made === code ? null : { code: made, map: null };
      },
    },
    generateBundle(_options, bundle) {
      for (const part of Object.values(bundle)) if (part.type === 'chunk') part.code = putWasm(part.code);
    },
  };
}
