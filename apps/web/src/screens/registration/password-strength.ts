/** How hard a password is to guess, from 0 to 4. The dictionaries are large and fetched when the first letter is typed. */
type Judge = (password: string, known: readonly string[]) => 0 | 1 | 2 | 3 | 4;

/** What zxcvbn looks at: its time grows with the square, and more adds nothing to the verdict. */
const LONGEST = 100;

let judge: Promise<Judge> | null = null;

async function load(): Promise<Judge> {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-en'),
  ]);
  const zxcvbn = new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
  });
  return (password, known) => zxcvbn.check(password.slice(0, LONGEST), [...known]).score;
}

/** @param known words that an attacker would try first: the address */
export async function passwordStrength(password: string, known: readonly string[]): Promise<0 | 1 | 2 | 3 | 4> {
  judge ??= load();
  return (await judge)(password, known);
}
