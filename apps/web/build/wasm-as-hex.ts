import type { Plugin } from 'vite';

/** Base64 of a WebAssembly module: the letters of its first bytes, and many. */
const MODULE = /(["'`])(AGFzbQ[A-Za-z0-9+/]{10000,}={0,2})\1/g;

/**
 * Libraries bring WebAssembly as base64, whose letters no longer stand where bytes do: as hex it is compressed a quarter
 * smaller. The library gets its base64 back when the script runs.
 */
export function wasmAsHex(code: string): string {
  return code.replaceAll(MODULE, (_whole, _quote, base64: string) => {
    const hex = Buffer.from(base64, 'base64').toString('hex');
    return `btoa('${hex}'.replace(/../g, (byte) => String.fromCharCode(parseInt(byte, 16))))`;
  });
}

export function wasmAsHexPlugin(): Plugin {
  return {
    name: 'latchkey-wasm-as-hex',
    transform: {
      filter: { id: /\/node_modules\/.*(libsodium|opaque).*\.m?js$/ },
      handler(code) {
        const made = wasmAsHex(code);
        return made === code ? null : { code: made, map: null };
      },
    },
  };
}
