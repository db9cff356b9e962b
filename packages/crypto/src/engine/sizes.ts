/** Lengths in bytes that more than one engine needs; RFC 8439, RFC 7748, RFC 8032, FIPS 203, FIPS 204, X-Wing draft. */
export const AEAD_KEY_BYTES = 32;
export const AEAD_NONCE_BYTES = 12;
export const AEAD_TAG_BYTES = 16;
export const X25519_BYTES = 32;
export const SEED_BYTES = 32;
export const SHARED_SECRET_BYTES = 32;
export const MLKEM768_SEED_BYTES = 64;
export const MLKEM768_PUBLIC_KEY_BYTES = 1184;
export const MLKEM768_CIPHERTEXT_BYTES = 1088;
export const HYBRID_KEM_PUBLIC_KEY_BYTES: number = MLKEM768_PUBLIC_KEY_BYTES + X25519_BYTES;
export const HYBRID_KEM_ENCAPSULATION_BYTES: number = MLKEM768_CIPHERTEXT_BYTES + X25519_BYTES;
export const ED25519_PUBLIC_KEY_BYTES = 32;
export const ED25519_SIGNATURE_BYTES = 64;
export const MLDSA44_PUBLIC_KEY_BYTES = 1312;
export const MLDSA44_SIGNATURE_BYTES = 2420;
/** RFC 5869: 255 blocks of SHA-256. */
export const HKDF_LONGEST_BYTES: number = 255 * 32;
/** 4 GiB of memory at r = 8; callers that read foreign files set a lower limit of their own. */
export const SCRYPT_HIGHEST_LOG_N = 22;
export const SCRYPT_LONGEST_BYTES = 64;
