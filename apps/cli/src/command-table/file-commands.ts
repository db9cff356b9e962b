import type { CommandSpec, OptionSpec } from '../command-line/command-spec.ts';

const output: OptionSpec = {
  name: 'output',
  short: 'o',
  value: 'FILE',
  says: "Write here instead of standard output; '-' is standard output, even if that is a terminal.",
};
const force: OptionSpec = { name: 'force', short: 'f', says: 'Replace an output file that is there already.' };
const passphraseFile: OptionSpec = {
  name: 'passphrase-file',
  value: 'FILE',
  says: 'Take the passphrase from the only line of this file.',
};
const passphraseFd: OptionSpec = {
  name: 'passphrase-fd',
  value: 'N',
  says: 'Take the passphrase from the only line that file descriptor N gives.',
};

const file = { name: 'FILE', required: false };

/** Sealing and opening files by hand: no server, no account. */
export const fileCommands: readonly CommandSpec[] = [
  {
    name: 'seal',
    summary: 'Seal a file so that only its recipients can open it',
    synopsis: '(-r RECIPIENT | -R FILE | -p)... [-a] [-o OUT] [FILE]',
    description: [
      'Writes an age file: any age program with the key can open it. Recipients are age1pq1… (post-quantum, made by latchkey keygen) or age1… (X25519, not post-quantum). The two kinds are never mixed in one file, and a passphrase stands alone: a file is as strong as the weakest way to open it.',
      "Without FILE, or with '-', standard input is sealed. The output appears under its name only when it is whole.",
    ],
    options: [
      {
        name: 'recipient',
        short: 'r',
        value: 'RECIPIENT',
        many: true,
        says: 'Seal to this recipient. May be repeated.',
      },
      {
        name: 'recipients-file',
        short: 'R',
        value: 'FILE',
        many: true,
        says: 'Seal to each recipient that stands on a line of this file. May be repeated.',
      },
      { name: 'passphrase', short: 'p', says: 'Seal with a passphrase, asked twice on the terminal.' },
      passphraseFile,
      passphraseFd,
      { name: 'armor', short: 'a', says: 'Write text that survives mail and paste, a third larger.' },
      output,
      force,
    ],
    operand: file,
    examples: [
      { line: 'latchkey seal -R my.recipient -o notes.txt.age notes.txt', says: 'Seal a file to yourself.' },
      {
        line: 'latchkey seal -r "$(cat my.recipient)" -a notes.txt > notes.asc',
        says: 'The same as text, for a mail.',
      },
      {
        line: 'tar c photos | latchkey seal -R team.recipients > photos.tar.age',
        says: 'Seal a folder to several readers.',
      },
      { line: 'latchkey seal -p -o letter.age letter.txt', says: 'Seal with a passphrase that is asked for.' },
    ],
    exits: ['damaged', 'input_output', 'floor', 'unfit', 'interrupted', 'terminated'],
    load: async () => (await import('../commands/seal.ts')).seal,
  },
  {
    name: 'open',
    summary: 'Open a sealed file',
    synopsis: '[-i IDENTITY_FILE]... [-p] [-o OUT] [FILE]',
    description: [
      "Opens an age file, armored or not, with the identities given. A passphrase is asked for where the file needs one and no identity is given. Without FILE, or with '-', standard input is opened.",
      'With -o, the output appears under its name only when every byte was checked; if opening fails, nothing is left behind. Standard output receives each piece as soon as it was checked: look at the exit code before you trust that the end is there.',
      "To a terminal it shows text only; use '-o -' for anything else.",
    ],
    options: [
      {
        name: 'identity',
        short: 'i',
        value: 'FILE',
        many: true,
        says: "Try the identities in this file ('-' is standard input). May be repeated.",
      },
      {
        name: 'passphrase',
        short: 'p',
        says: 'Ask for the passphrase on the terminal, also where identities are given.',
      },
      passphraseFile,
      passphraseFd,
      output,
      force,
    ],
    operand: file,
    examples: [
      { line: 'latchkey open -i my.key -o notes.txt notes.txt.age', says: 'Open a file with your identity.' },
      { line: 'latchkey open -i my.key photos.tar.age | tar x', says: 'Unpack a sealed folder.' },
      { line: 'latchkey open -o letter.txt letter.age', says: 'Open with a passphrase that is asked for.' },
      { line: 'latchkey open --passphrase-file letter.pass letter.age', says: 'Take the passphrase from a file.' },
    ],
    exits: ['not_for_me', 'passphrase_wrong', 'damaged', 'input_output', 'unfit', 'interrupted', 'terminated'],
    load: async () => (await import('../commands/open.ts')).open,
  },
  {
    name: 'keygen',
    summary: 'Make an identity',
    synopsis: '[-o FILE | -y IDENTITY_FILE]',
    description: [
      'Makes a post-quantum identity (ML-KEM-768 with X25519) and prints the recipient that others seal to. With -o the identity goes to a new file that only you can read, and the recipient to standard output. Without -o the identity goes to standard output and the recipient to standard error.',
      'Whoever has the identity can open everything sealed to it. A file that is there is never replaced.',
    ],
    options: [
      {
        name: 'output',
        short: 'o',
        value: 'FILE',
        says: 'Write the identity to this new file, readable by you alone.',
      },
      {
        name: 'recipient-of',
        short: 'y',
        value: 'FILE',
        says: 'Make nothing; print the recipient of each identity in this file.',
      },
    ],
    examples: [
      { line: 'latchkey keygen -o my.key > my.recipient', says: 'An identity to keep, and a recipient to give away.' },
      { line: 'latchkey keygen -y my.key', says: 'The recipient again.' },
      {
        line: 'latchkey keygen -q | latchkey seal -p -o safe.key.age',
        says: 'An identity that is itself under a passphrase.',
      },
    ],
    exits: ['damaged', 'input_output', 'unfit', 'interrupted', 'terminated'],
    load: async () => (await import('../commands/keygen.ts')).keygen,
  },
  {
    name: 'inspect',
    summary: 'Show what a sealed file tells without any key',
    synopsis: 'FILE',
    description: [
      "Shows the kinds of recipients, the sizes and the number of chunks. It opens nothing and checks no signature or key: whoever made the file could have written anything there. '-' is standard input.",
    ],
    options: [],
    operand: { name: 'FILE', required: true },
    examples: [
      { line: 'latchkey inspect notes.txt.age', says: 'For people.' },
      { line: 'latchkey inspect --json notes.txt.age', says: 'For programs.' },
    ],
    exits: ['damaged', 'input_output', 'interrupted', 'terminated'],
    load: async () => (await import('../commands/inspect.ts')).inspect,
  },
];
