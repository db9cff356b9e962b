/** The shape of a catalogue without its English: literal texts widen to `string`. */
export type Translated<T> = T extends (...values: infer V) => string
  ? (...values: V) => string
  : T extends string
    ? string
    : T extends readonly (infer Each)[]
      ? readonly Translated<Each>[]
      : { readonly [Key in keyof T]: Translated<T[Key]> };
