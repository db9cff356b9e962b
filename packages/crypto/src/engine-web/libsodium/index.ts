import type { Provider } from '../parts.ts';
import { sodiumAeadPart } from './aead.ts';
import { sodiumEd25519Part, sodiumX25519Part } from './curves.ts';
import { sodiumHybridKemPart } from './hybrid-kem.ts';

const label = 'libsodium-wrappers (WebAssembly)';

export const libsodiumProvider: Provider = {
  source: 'libsodium',
  parts: {
    chacha20poly1305: { label, load: sodiumAeadPart },
    x25519: { label, load: sodiumX25519Part },
    mlkem768x25519: { label, load: sodiumHybridKemPart },
    ed25519: { label, load: sodiumEd25519Part },
  },
};
