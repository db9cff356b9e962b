/**
 * One quick question with a known answer for each operation, and one refusal where the operation has any. The inputs
 * count up from zero; vectors/engines holds the long list that engines are compared by.
 */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import type { Engine, EngineOperation } from './engine.ts';
import { HYBRID_KEM_ENCAPSULATION_BYTES } from './sizes.ts';

/** Null where every answer is right, else the name of the wrong one. */
type Question = (engine: Engine) => Promise<string | null>;

const LOW_ORDER_POINT = new Uint8Array(32);
const ED25519_PUBLIC_KEY = '03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8';
const ED25519_R = '01fac021c547fe853e0a00c1e6f705a98c053d0f7bd49ea1d2e389084b9f547a';
const ED25519_S = '5c45d69210309860f10d16c5baa5bc7598d826f5b8271a747aa8c2cf833d1801';
/** The same S plus the group order: right by the equation, refused by RFC 8032. */
const ED25519_S_PLUS_ORDER = '4919ccef2a93aab8c7aa0d68999f9b8a98d826f5b8271a747aa8c2cf833d1811';
/** A key of mixed order, and a signature that only the equation with the cofactor takes. */
const MIXED_ORDER_PUBLIC_KEY = '276444288c60c1b9c071f5deece6894b39592f8500e9187bccf1b92eb3dc0ffa';
const MIXED_ORDER_SIGNATURE =
  '5f098411cccb8396b7499c0680fb662a79a1fd60ceb7e3e53a8020a8a75919ee' +
  'f2a682451b37b52ac03f68597a0c28a63c9ad22440f67f23d3cc78c6020eb20c';

export const KNOWN_ANSWERS: Readonly<Record<EngineOperation, Question>> = {
  sha256: async (engine) =>
    firstWrong([
      [
        'digest',
        await engine.sha256(hexToBytes('616263')),
        'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      ],
      [
        'HMAC',
        await engine.hmacSha256(count(32), count(20)),
        '0cd438c0f4f44637ddeba146b3b3a5f8b001fa08df58015ae8c37c942f929fba',
      ],
    ]),

  hkdf: async (engine) =>
    firstWrong([
      [
        'key',
        await engine.hkdfSha256({ secret: count(32), salt: count(16), info: count(8), lengthBytes: 40 }),
        '81e0ee9797efe9953b2e64a7c9b41ae74aaf378f8bce5d5375d34b1db3a3097ac8448ef03556afa6',
      ],
    ]),

  chacha20poly1305: async (engine) => {
    const input = { key: count(32), nonce: count(12), ad: count(5) };
    const sealed = '89fa0a032d12a347bf8a35f89410006cd961a0f49bc7d1dfefd808e977830c8e0b0a8949';
    const bytes = hexToBytes(sealed);
    return firstWrong([
      ['sealed', await engine.aeadSeal({ ...input, bytes: count(20) }), sealed],
      ['opened', await engine.aeadOpen({ ...input, bytes }), bytesToHex(count(20))],
      ['changed tag refused', await engine.aeadOpen({ ...input, bytes: changed(bytes, 35) }), null],
      ['changed text refused', await engine.aeadOpen({ ...input, bytes: changed(bytes, 0) }), null],
    ]);
  },

  x25519: async (engine) => {
    const publicKey = '8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f';
    const shared = 'df6baf6f6a43b9744fc5ef9dea1122782f9f696dc4a0d15c03c1787ee6d15e64';
    return firstWrong([
      ['public key', await engine.x25519PublicKey(count(32)), publicKey],
      ['shared secret', await engine.x25519(count(32), hexToBytes(publicKey)), shared],
      ['low order refused', await engine.x25519(count(32), LOW_ORDER_POINT), null],
    ]);
  },

  mlkem768x25519: async (engine) => {
    const key = await engine.hybridKemKey(count(32));
    const sent = await engine.hybridKemEncapsulate(key.publicKey);
    const received = sent === null ? null : await key.decapsulate(sent.encapsulation);
    const lowOrder = key.publicKey.slice();
    lowOrder.set(LOW_ORDER_POINT, lowOrder.length - LOW_ORDER_POINT.length);
    const aboveModulus = key.publicKey.slice();
    aboveModulus.set([0xff, 0xff, 0xff]);
    return firstWrong([
      [
        'public key',
        await engine.sha256(key.publicKey),
        'c9a3565ffde4f72b51661be391ee13e46378d7f06dd5c8bf5af9d2cfb5b8336b',
      ],
      // Counting bytes are no ciphertext of this key: the answer is ML-KEM's implicit rejection.
      [
        'rejection',
        await key.decapsulate(count(HYBRID_KEM_ENCAPSULATION_BYTES)),
        '1761a6ea181dd3fbeca4f2198d0d6d5528d6a11e3a888292681b43e86aa99ac1',
      ],
      ['there and back', received, sent === null ? 'a secret' : bytesToHex(sent.sharedSecret)],
      ['low order refused', (await engine.hybridKemEncapsulate(lowOrder)) === null, true],
      ['modulus checked', (await engine.hybridKemEncapsulate(aboveModulus)) === null, true],
    ]);
  },

  ed25519: async (engine) => {
    const key = await engine.ed25519Key(count(32));
    const verify = async (a: string, signature: string, message = count(20)): Promise<boolean> =>
      engine.ed25519Verify(hexToBytes(a), message, hexToBytes(signature));
    return firstWrong([
      ['public key', key.publicKey, ED25519_PUBLIC_KEY],
      ['signature', await key.sign(count(20)), ED25519_R + ED25519_S],
      ['verified', await verify(ED25519_PUBLIC_KEY, ED25519_R + ED25519_S), true],
      ['S plus order refused', await verify(ED25519_PUBLIC_KEY, ED25519_R + ED25519_S_PLUS_ORDER), false],
      ['small order refused', await verify(`01${'00'.repeat(31)}`, `01${'00'.repeat(63)}`), false],
      [
        'equation without cofactor',
        await verify(MIXED_ORDER_PUBLIC_KEY, MIXED_ORDER_SIGNATURE, hexToBytes('0000')),
        false,
      ],
      ['other R refused', await verify(ED25519_PUBLIC_KEY, ED25519_S + ED25519_S), false],
    ]);
  },

  mldsa44: async (engine) => {
    const key = await engine.mldsa44Key(count(32));
    const signature = await key.sign(count(20));
    return firstWrong([
      [
        'public key',
        await engine.sha256(key.publicKey),
        '9f107644c1084526af3bc8098680b05499a2325a644e388fb4f970e058d19d46',
      ],
      ['verified', await engine.mldsa44Verify(key.publicKey, count(20), signature), true],
      ['changed signature refused', await engine.mldsa44Verify(key.publicKey, count(20), changed(signature, 0)), false],
      ['changed message refused', await engine.mldsa44Verify(key.publicKey, count(19), signature), false],
    ]);
  },

  scrypt: async (engine) =>
    firstWrong([
      [
        'key',
        await engine.scrypt({ passphrase: count(8), salt: count(16), logN: 4, lengthBytes: 32 }),
        '6598f5264cba8d285992e4c077dabe49b3629e442bcf90bdeff6faeb99ffccee',
      ],
    ]),
};

type Answer = Uint8Array | boolean | null;

function firstWrong(
  answers: readonly (readonly [name: string, got: Answer, expected: string | boolean | null])[],
): string | null {
  const wrong = answers.find(([, got, expected]) => (got instanceof Uint8Array ? bytesToHex(got) : got) !== expected);
  return wrong === undefined ? null : wrong[0];
}

function count(lengthBytes: number): Uint8Array {
  return Uint8Array.from({ length: lengthBytes }, (_, at) => at % 256);
}

function changed(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
}
