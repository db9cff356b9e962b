import type { Provider } from '../parts.ts';
import { webCryptoAead } from './aead.ts';
import { webCryptoHkdf, webCryptoSha256 } from './hashes.ts';
import { webCryptoHybridKem } from './hybrid-kem.ts';
import { webCryptoEd25519, webCryptoMldsa44 } from './signatures.ts';
import { webCryptoX25519 } from './x25519.ts';

const label = 'WebCrypto';

/** Every offer is made everywhere; whether the browser can keep it, its known answers show. */
export const webCryptoProvider: Provider = {
  source: 'webcrypto',
  parts: {
    sha256: { label, load: async () => webCryptoSha256 },
    hkdf: { label, load: async () => webCryptoHkdf },
    chacha20poly1305: { label, load: async () => webCryptoAead },
    x25519: { label, load: async () => webCryptoX25519 },
    mlkem768x25519: { label: 'WebCrypto (ML-KEM-768 and X25519), @noble/hashes', load: async () => webCryptoHybridKem },
    ed25519: { label, load: async () => webCryptoEd25519 },
    mldsa44: { label, load: async () => webCryptoMldsa44 },
  },
};
