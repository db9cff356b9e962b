/** The shape of vectors/account/*.json. Bytes are hexadecimal digits; texts of the formats are texts. */
export interface AccountVectors {
  readonly kind: 'password-input' | 'password-kek' | 'kit-words' | 'kit-keys' | 'card' | 'kit-line' | 'contact-line';
  readonly cases: readonly AccountVector[];
}

export interface AccountVector {
  readonly id: string;
  readonly input: Fields;
  /** What comes out: one value or several with names; else `throws` and the code. */
  readonly expect: string | Fields;
}

export type Fields = Readonly<Record<string, string | number | null>>;
