/** The kinds of recipient that this room seals to and opens for (C2SP age, "Native recipient types"). */
export type RecipientKind = 'mlkem768x25519' | 'X25519' | 'scrypt';

/** Whatever a file key may be wrapped to: a recipient, or a secret of 256 bits (a latch, a link, an epoch). */
export type WrapKind = RecipientKind | 'secret256';
