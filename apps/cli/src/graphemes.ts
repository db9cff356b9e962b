/** What a reader takes for one character, in order: an accent or the parts of an emoji are never cut from each other. */
export function graphemes(text: string): readonly string[] {
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}
