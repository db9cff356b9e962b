const starts = [
  'b',
  'br',
  'c',
  'ch',
  'd',
  'dr',
  'f',
  'g',
  'h',
  'k',
  'l',
  'm',
  'n',
  'p',
  'pr',
  'r',
  's',
  'st',
  't',
  'w',
];
const vowels = ['a', 'e', 'i', 'o', 'u'];
const ends = ['l', 'n', 'r', 's', 't'];
const tails = ['', '1', '12', '123', '!', '2024', '2025', '007', '69', '99'];

/** 10,000 passwords such as people take: words with something behind them. */
export const wordList: readonly string[] = starts.flatMap((start) =>
  vowels.flatMap((first) =>
    ends.flatMap((middle) =>
      ['a', 'o'].flatMap((last) => tails.map((tail) => `${start}${first}${middle}${last}${tail}`)),
    ),
  ),
);
