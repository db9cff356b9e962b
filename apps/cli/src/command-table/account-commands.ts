import type { CommandSpec, OptionSpec } from '../command-line/command-spec.ts';

const server: OptionSpec = {
  name: 'server',
  value: 'URL',
  says: "The server's address, such as https://mail.example.org. Default: https:// and the domain of ADDRESS.",
};
const passwordFile: OptionSpec = {
  name: 'password-file',
  value: 'FILE',
  says: 'Take the password from the only line of this file.',
};
const passwordFd: OptionSpec = {
  name: 'password-fd',
  value: 'N',
  says: 'Take the password from the only line that file descriptor N gives.',
};
const device: OptionSpec = {
  name: 'device',
  value: 'NAME',
  says: 'What you call this machine; the server never sees it. Default: its host name.',
};

/** An account on this machine. */
export const accountCommands: readonly CommandSpec[] = [
  {
    name: 'register',
    summary: 'Make an account',
    synopsis: 'ADDRESS [--server URL] [--invite TOKEN] [--kit-out FILE] [--card-out FILE]',
    description: [
      'Makes an account with keys that only you hold. The server gets public keys and ciphertext; neither it nor its operator can open your mail, and they cannot give you your password back.',
      'Two sheets come out of it. The sign-in card, with your password, signs in on another machine: keep it at hand. The recovery kit, 24 words, opens everything without a password: print it and put it into a safe. Without the kit, a forgotten password means that your mail is lost. If registering is cut short, the same command goes on where it stopped.',
    ],
    options: [
      server,
      {
        name: 'invite',
        value: 'TOKEN',
        says: "The invitation's line, where the operator gave you one. It names the server too.",
      },
      passwordFile,
      passwordFd,
      { name: 'kit-out', value: 'FILE', says: 'Write the recovery kit as a page to print. Default: show it here.' },
      { name: 'card-out', value: 'FILE', says: 'Write the sign-in card as a page to print. Default: show it here.' },
      device,
    ],
    operand: { name: 'ADDRESS', required: true },
    examples: [
      {
        line: 'latchkey register alice@localhost --server http://localhost:7700 --password-file alice.password --kit-out kit.html --card-out card.html',
        says: 'On the server that npm start brings up, with both sheets as pages to print.',
      },
    ],
    exits: ['input_output', 'unfit', 'server', 'distrust', 'interrupted', 'terminated'],
    load: async () => (await import('../account-commands/register.ts')).register,
  },
  {
    name: 'login',
    summary: 'Sign in on this machine',
    synopsis: 'ADDRESS [--server URL] (--card FILE [--password-file FILE] | --kit FILE)',
    description: [
      'With the sign-in card and the password, or with the recovery kit alone. FILE is the page that was printed or saved, or a text file with its line or its 24 words.',
    ],
    options: [
      server,
      { name: 'card', value: 'FILE', says: "The sign-in card ('-' is standard input)." },
      { name: 'kit', value: 'FILE', says: "The recovery kit ('-' is standard input); no password is needed." },
      passwordFile,
      passwordFd,
      device,
    ],
    operand: { name: 'ADDRESS', required: true },
    examples: [
      {
        line: 'latchkey login alice@localhost --card card.html --password-file alice.password',
        says: 'On a second machine.',
      },
    ],
    exits: [
      'passphrase_wrong',
      'damaged',
      'input_output',
      'unfit',
      'server',
      'account',
      'distrust',
      'interrupted',
      'terminated',
    ],
    load: async () => (await import('../account-commands/login.ts')).login,
  },
  {
    name: 'logout',
    summary: 'End the session and forget the account on this machine',
    synopsis: '',
    description: [
      'Removes all keys and copies of the account from this machine. Mail and keys stay at the server, sealed: sign in again with card and password, or with the kit.',
    ],
    options: [],
    examples: [{ line: 'latchkey logout', says: 'On a machine that you give away.' }],
    exits: ['input_output', 'account', 'interrupted', 'terminated'],
    load: async () => (await import('../account-commands/logout.ts')).logout,
  },
  {
    name: 'lock',
    summary: 'Forget the key on this machine until the password is given',
    synopsis: '',
    description: ['Nothing of the account can be read on this machine until it is unlocked with the password.'],
    options: [],
    examples: [{ line: 'latchkey lock', says: 'Before you leave the machine.' }],
    exits: ['input_output', 'account'],
    load: async () => (await import('../account-commands/lock.ts')).lock,
  },
  {
    name: 'unlock',
    summary: 'Open the locked account with the password',
    synopsis: '[--password-file FILE]',
    description: ['Asks the server, which never sees the password: only with its part can the password be tried.'],
    options: [passwordFile, passwordFd],
    examples: [{ line: 'latchkey unlock --password-file alice.password', says: 'Take the password from a file.' }],
    exits: ['passphrase_wrong', 'input_output', 'unfit', 'server', 'account', 'distrust', 'interrupted', 'terminated'],
    load: async () => (await import('../account-commands/unlock.ts')).unlock,
  },
  {
    name: 'whoami',
    summary: 'Show the account of this machine',
    synopsis: '',
    description: ['Address, server, this device, the hash of your identity, and how much of your room is used.'],
    options: [],
    examples: [{ line: 'latchkey whoami --json', says: 'For programs.' }],
    exits: ['input_output', 'server', 'account', 'distrust', 'interrupted', 'terminated'],
    load: async () => (await import('../account-commands/whoami.ts')).whoami,
  },
  {
    name: 'sessions',
    summary: 'Show where the account is signed in, or end a session',
    synopsis: '[remove NAME [--lost [--kit-out FILE] [--card-out FILE]]]',
    description: [
      'Lists the sessions by the names of their devices. A session without a device in your vault was not opened by you: it is shown as foreign; end it and change the password.',
      "'remove' ends a session by the name or id of its device. Whoever has that machine unlocked keeps what is on it.",
      "'remove NAME --lost' is for a machine in the hands of somebody else: all keys become new, all records are sealed again, all other machines are signed out, and a new recovery kit and sign-in card come out of it. Without NAME: for a lost kit or card. What was on the lost machine stays readable to whoever has it; nothing from then on does. It asks for the password from now on, new or the same. Cut short, the same command goes on.",
    ],
    options: [
      { name: 'lost', says: 'Lock the lost machine out: everything new.' },
      passwordFile,
      passwordFd,
      { name: 'kit-out', value: 'FILE', says: 'Write the new recovery kit as a page to print. Default: show it here.' },
      {
        name: 'card-out',
        value: 'FILE',
        says: 'Write the new sign-in card as a page to print. Default: show it here.',
      },
    ],
    operand: { name: 'ACTION', required: false, words: ['remove'] },
    furtherOperand: { name: 'NAME', many: false },
    examples: [
      { line: 'latchkey sessions', says: 'Where you are signed in.' },
      {
        line: 'latchkey sessions remove laptop --lost --password-file alice.password --kit-out new-kit.html --card-out new-card.html',
        says: 'The laptop was stolen.',
      },
    ],
    exits: [
      'passphrase_wrong',
      'input_output',
      'unfit',
      'server',
      'account',
      'not_found',
      'distrust',
      'interrupted',
      'terminated',
    ],
    load: async () => (await import('../account-commands/sessions.ts')).sessions,
  },
  {
    name: 'keys',
    summary: 'Show whose keys are whose, and compare words',
    synopsis:
      'show ADDRESS | history ADDRESS | verify ADDRESS [--words WORDS] | card [--output FILE] [--qr] | add FILE | policy | veto | tail [--once] | evidence [ID] | verify-evidence FILE',
    description: [
      'Keys are proved by the key log of the server: every version of everybody is in it, and witnesses sign its head. What is not proved is not written to.',
      "'verify' shows twelve words that both of you see. Read them to each other in a call: a server that stands between you cannot make them equal. With --words it compares what was read to you.",
      "'card' gives your own contact card: a file with the proof of your keys, or a line and its code to photograph. It holds no secret. 'add' takes the card of somebody else, verifies it against the key log, and pins their keys as verified.",
      "'policy' shows who must have signed a head, and how this account came to believe so.",
      "'veto' stops keys that somebody else announced for your address with a recovery kit: no contact ever takes them. Every command says so when that happens.",
      "'tail' reads the key log itself, leaf by leaf, and replays its map: whoever was shown other keys of yours, even for a moment, is found so. It goes on until it is stopped, or with --once ends at the newest head. Where no outside auditor does it, other commands do some of it by themselves.",
      "'evidence' lists what the key log was caught with, and with an ID prints the file; 'verify-evidence' does it all again from such a file, without an account.",
    ],
    options: [
      { name: 'words', value: 'WORDS', says: 'The twelve words that the other one reads out.' },
      { name: 'output', short: 'o', value: 'FILE', says: 'Write the contact card into this file.' },
      { name: 'qr', says: 'Show the contact card as a code to photograph.' },
      { name: 'once', says: 'Read up to the newest head, and end.' },
    ],
    operand: {
      name: 'ACTION',
      required: true,
      words: ['show', 'history', 'verify', 'card', 'add', 'policy', 'veto', 'tail', 'evidence', 'verify-evidence'],
    },
    furtherOperand: { name: 'ADDRESS', many: false },
    examples: [
      { line: 'latchkey keys show bob@localhost', says: 'Before the first letter that matters.' },
      { line: 'latchkey keys verify bob@localhost', says: 'The words to read to each other.' },
      { line: 'latchkey keys card --output alice.contact', says: 'For somebody whom you meet.' },
      { line: 'latchkey keys add bob.contact', says: 'What somebody gave you.' },
      { line: 'latchkey keys policy', says: 'Who vouches for this server.' },
      { line: 'latchkey keys tail --once', says: 'Read the key log and see whether it lied about you.' },
      { line: 'latchkey keys evidence', says: 'What the server was caught with.' },
    ],
    exits: ['input_output', 'unfit', 'server', 'account', 'not_found', 'distrust', 'interrupted', 'terminated'],
    load: async () => (await import('../keys-commands/keys.ts')).keys,
  },
  {
    name: 'password',
    summary: 'Change the password',
    synopsis: '[--password-file FILE]',
    description: [
      'The new password works at once, everywhere, with the same sign-in card. Someone who has the old password and the card may still open an old copy of the server: after a theft that is not enough.',
    ],
    options: [passwordFile, passwordFd],
    examples: [{ line: 'latchkey password --password-file new.password', says: 'Take the new password from a file.' }],
    exits: ['input_output', 'unfit', 'server', 'account', 'distrust', 'interrupted', 'terminated'],
    load: async () => (await import('../account-commands/password.ts')).password,
  },
  {
    name: 'card',
    summary: 'Show the sign-in card again',
    synopsis: '[--card-out FILE]',
    description: [
      'Any signed-in machine can show it. Together with the password it signs in on another machine; alone it is useless.',
    ],
    options: [{ name: 'card-out', value: 'FILE', says: 'Write it as a page to print instead of showing it here.' }],
    examples: [{ line: 'latchkey card --card-out card.html', says: 'A page to print.' }],
    exits: ['input_output', 'account'],
    load: async () => (await import('../account-commands/card.ts')).card,
  },
  {
    name: 'account',
    summary: 'Close the account, or take that back',
    synopsis: 'close | keep',
    description: [
      "'close' stops deliveries at once and removes everything after seven days. 'keep' takes it back within that time. Save what you need first, with latchkey export and latchkey save.",
    ],
    options: [],
    operand: { name: 'ACTION', required: true, words: ['close', 'keep'] },
    examples: [
      { line: 'latchkey account close', says: 'Leave.' },
      { line: 'latchkey account keep', says: 'Stay after all.' },
    ],
    exits: ['input_output', 'server', 'account', 'distrust', 'interrupted', 'terminated'],
    load: async () => (await import('../account-commands/account.ts')).account,
  },
  {
    name: 'heal',
    summary: 'Give a server that lost its disk back what it lost',
    synopsis: '[--yes]',
    description: [
      'A server that lost its disk comes back as its last backup was. Your machines notice, and do nothing more with it until you have decided: heal says how far it went back and how much is missing, asks you, and gives back every record of which this machine has a newer version. Do it on each of your machines; whichever is first, the newest version stays. What stays missing is mail that only the server had.',
      'An operator who pretends a loss to make something disappear looks the same. So every time it is kept in your vault, and heal lists it. After it, passwords and sign-ins are those of the backup: if you locked a lost machine out since, do it again.',
    ],
    options: [{ name: 'yes', says: 'Go on with the server as it is, without being asked.' }],
    examples: [{ line: 'latchkey heal', says: 'Is anything missing?' }],
    exits: ['input_output', 'server', 'account', 'distrust', 'interrupted', 'terminated'],
    load: async () => (await import('../account-commands/heal.ts')).heal,
  },
  {
    name: 'key',
    summary: 'Print your age identities',
    synopsis: '--age-identity',
    description: [
      'Everything that was ever sealed to you opens with these and any age program: latchkey export ID --age FILE, then age -d or latchkey open. Whoever has them can open it too.',
    ],
    options: [{ name: 'age-identity', says: 'Print them on standard output.' }],
    examples: [{ line: 'latchkey key --age-identity > mail.key', says: 'For a folder that only you can read.' }],
    exits: ['input_output', 'account'],
    load: async () => (await import('../account-commands/key.ts')).key,
  },
];
