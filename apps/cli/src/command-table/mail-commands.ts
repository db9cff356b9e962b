import type { CommandSpec, OptionSpec } from '../command-line/command-spec.ts';

const id = { name: 'ID', required: true };
const force: OptionSpec = { name: 'force', short: 'f', says: 'Replace files that are there already.' };
const afterNetwork = ['input_output', 'server', 'account', 'distrust', 'interrupted', 'terminated'] as const;

/** Mail between accounts. */
export const mailCommands: readonly CommandSpec[] = [
  {
    name: 'send',
    summary: 'Write to somebody',
    synopsis: '--to ADDRESS... [--cc ADDRESS]... [--bcc ADDRESS]... --subject TEXT [--attach FILE]...',
    description: [
      'The body is standard input. Everything is sealed on this machine for its readers and for you; the server learns who gets how much and when. Nothing is sent until every recipient is known and takes mail.',
      'If sending is cut short, the next latchkey command that talks to the server goes on with it. A message never goes out twice.',
    ],
    options: [
      { name: 'to', value: 'ADDRESS', many: true, says: 'A reader. May be repeated.' },
      { name: 'cc', value: 'ADDRESS', many: true, says: 'A reader of a copy, seen by all. May be repeated.' },
      { name: 'bcc', value: 'ADDRESS', many: true, says: 'A reader that no other reader learns of. May be repeated.' },
      { name: 'subject', short: 's', value: 'TEXT', says: 'The subject; sealed like the rest.' },
      { name: 'attach', short: 'a', value: 'FILE', many: true, says: 'Attach a file of any size. May be repeated.' },
      { name: 'reply-to', value: 'ID', says: 'The message that this answers; without --to it goes to its sender.' },
      { name: 'forward', value: 'ID', says: 'Send this message along, with its attachments.' },
      { name: 'skip-refused', says: 'Leave out readers who cannot be written to instead of sending nothing.' },
    ],
    examples: [
      {
        line: "echo 'See you at noon.' | latchkey send --to bob@localhost --subject Lunch",
        says: 'A short message.',
      },
      {
        line: 'latchkey send --to bob@localhost --subject Photos --attach photos.tar < letter.txt',
        says: 'A letter with a file of any size.',
      },
    ],
    exits: [...afterNetwork, 'unfit', 'not_found', 'recipients'],
    load: async () => (await import('../mail-commands/send.ts')).send,
  },
  {
    name: 'outbox',
    summary: 'Go on with messages that were cut short, or take them back',
    synopsis: '[undo]',
    description: [
      'Sending is gone on with by every command that fetches or sends; this one does only that, and lists what still waits: a reader without room, a file that is gone or has changed.',
      "'undo' takes back what cannot go on. What a reader already got cannot be taken back.",
    ],
    options: [],
    operand: { name: 'ACTION', required: false, words: ['undo'] },
    examples: [{ line: 'latchkey outbox', says: 'After a cut.' }],
    exits: afterNetwork,
    load: async () => (await import('../mail-commands/outbox.ts')).outbox,
  },
  {
    name: 'inbox',
    summary: 'Fetch and list mail',
    synopsis: '[--unread] [--requests | --folder NAME] [--json]',
    description: [
      'Fetches what arrived, checks who signed it and that it is for you, files it, and lists it, newest first. What is not signed as it should be says so in words.',
      'Mail of people to whom you have not written, whose keys you have not compared, and whom you have not accepted waits among the requests. This machine decides that; the server does not know.',
      'With --json: an array of objects with id, from, to, subject, date, words, attachments, unread, starred, folder, sender, verified and verdict.',
    ],
    options: [
      { name: 'unread', says: 'Only what is unread.' },
      { name: 'requests', says: 'What strangers wrote: accept or decline them.' },
      {
        name: 'folder',
        value: 'NAME',
        says: 'inbox (the default), requests, declined, sent, archive, trash, or all.',
      },
    ],
    examples: [
      { line: 'latchkey inbox', says: 'For people.' },
      { line: 'latchkey inbox --unread --json', says: 'For programs.' },
    ],
    exits: afterNetwork,
    load: async () => (await import('../mail-commands/inbox.ts')).inbox,
  },
  {
    name: 'accept',
    summary: 'Let mail of somebody into the inbox',
    synopsis: 'ID|ADDRESS...',
    description: [
      'ID is the beginning of the id of one of their messages; who wrote it must be proved. What they wrote before comes along. Whoever you write to is accepted by that.',
      'It is a sealed record of yours: neither the sender nor the server learns of it. decline is the opposite, and undoes it.',
    ],
    options: [],
    operand: { name: 'ID|ADDRESS', required: true },
    furtherOperand: { name: 'ID|ADDRESS', many: true },
    examples: [{ line: 'latchkey accept bob@localhost', says: 'Somebody you know after all.' }],
    exits: [...afterNetwork, 'damaged', 'not_found'],
    load: async () => (await import('../mail-commands/decide.ts')).accept,
  },
  {
    name: 'decline',
    summary: 'Put mail of somebody aside, now and later',
    synopsis: 'ID|ADDRESS...',
    description: [
      'Nothing is deleted and nobody is told: it lies in the folder declined, and watch and wait pass over it. accept undoes it.',
    ],
    options: [],
    operand: { name: 'ID|ADDRESS', required: true },
    furtherOperand: { name: 'ID|ADDRESS', many: true },
    examples: [{ line: 'latchkey decline 3f9a', says: 'Whoever wrote this message.' }],
    exits: [...afterNetwork, 'damaged', 'not_found'],
    load: async () => (await import('../mail-commands/decide.ts')).decline,
  },
  {
    name: 'report',
    summary: 'Disclose one message to the operator',
    synopsis: 'ID [--reason WORD] [--words TEXT] [--yes]',
    description: [
      'The operator cannot read your mail. This seals one message, with its signature, to the key that the server names for reports: the operator then sees who signed it, to whom, when, its subject and its text, and can tell that none of it was changed. Attachments stay undisclosed; they are counted.',
      'Your name is not in it unless the message has it. While it is being sent the server sees that you report something; it keeps no note of who. Nothing can be taken back. Without --yes it shows what will be seen, and asks.',
    ],
    options: [
      { name: 'reason', value: 'WORD', says: 'spam, threat, fraud or other (the default).' },
      { name: 'words', value: 'TEXT', says: 'What you want to say about it, at most 1,000 characters.' },
      { name: 'yes', says: 'Do not ask.' },
    ],
    operand: { name: 'ID', required: true },
    examples: [{ line: 'latchkey report 3f9a --reason threat --yes', says: 'Show the operator one message.' }],
    exits: [...afterNetwork, 'damaged', 'not_found'],
    load: async () => (await import('../mail-commands/report.ts')).report,
  },
  {
    name: 'read',
    summary: 'Show a message',
    synopsis: 'ID [--eml | --json]',
    description: [
      'Fetches the whole message, checks every byte, shows it and marks it as read. ID is the beginning of an id that inbox shows. With --eml: the original bytes of the message on standard output.',
    ],
    options: [{ name: 'eml', says: 'Write the message as it was composed, without attachments, to standard output.' }],
    operand: id,
    examples: [{ line: 'latchkey read 3f9a', says: 'The message whose id begins so.' }],
    exits: [...afterNetwork, 'damaged', 'not_found'],
    load: async () => (await import('../mail-commands/read.ts')).read,
  },
  {
    name: 'save',
    summary: "Save a message's attachments",
    synopsis: 'ID [--dir DIR]',
    description: [
      'Each file appears under its name only when all of it was checked. Names lose whatever could lead out of the folder or confuse a terminal; a name that is taken gets a number.',
    ],
    options: [{ name: 'dir', value: 'DIR', says: 'Where to put them. Default: here.' }, force],
    operand: id,
    examples: [{ line: 'latchkey save 3f9a --dir downloads', says: 'Into a folder.' }],
    exits: [...afterNetwork, 'damaged', 'not_found'],
    load: async () => (await import('../mail-commands/save.ts')).save,
  },
  {
    name: 'mark',
    summary: 'Mark or move messages',
    synopsis: 'ID... --read | --unread | --star | --unstar | --archive | --trash | --inbox',
    description: ['Prints what undoes it. Your other machines see it at their next look.'],
    options: [
      { name: 'read', says: 'Read.' },
      { name: 'unread', says: 'Not read.' },
      { name: 'star', says: 'With a star.' },
      { name: 'unstar', says: 'Without one.' },
      { name: 'archive', says: 'Into the archive.' },
      { name: 'trash', says: 'Into the trash.' },
      { name: 'inbox', says: 'Back into the inbox.' },
    ],
    operand: id,
    furtherOperand: { name: 'ID', many: true },
    examples: [{ line: 'latchkey mark 3f9a --archive', says: 'Done with.' }],
    exits: [...afterNetwork, 'not_found'],
    load: async () => (await import('../mail-commands/mark.ts')).mark,
  },
  {
    name: 'empty-trash',
    summary: 'Delete for good what lies in the trash',
    synopsis: '[ID...] [--yes]',
    description: [
      'Messages go into the trash with mark --trash, and out of it with mark --inbox: that is undone at any time. This is not. Your copies are removed from the server and your machines; what others were sent stays theirs.',
      'Without an ID: all that lies in the trash. Nothing that lies elsewhere is ever deleted.',
    ],
    options: [{ name: 'yes', short: 'y', says: 'Do not ask.' }],
    operand: { name: 'ID', required: false },
    furtherOperand: { name: 'ID', many: true },
    examples: [
      { line: 'latchkey mark 3f9a --trash && latchkey empty-trash 3f9a --yes', says: 'One message, for good.' },
    ],
    exits: [...afterNetwork, 'not_found'],
    load: async () => (await import('../mail-commands/empty-trash.ts')).emptyTrash,
  },
  {
    name: 'watch',
    summary: 'Tell of new mail as it comes',
    synopsis: '[--exec COMMAND] [--json]',
    description: [
      'Stays until it is stopped; goes on by itself after a cut connection. --exec runs COMMAND in a shell for each message that is signed and for you, with LATCHKEY_ID, LATCHKEY_FROM and LATCHKEY_SUBJECT in its environment, never in its text.',
      'With --json: one object on a line for each message.',
    ],
    options: [{ name: 'exec', value: 'COMMAND', says: 'Run this for each new message.' }],
    examples: [
      {
        line: 'latchkey watch --exec \'notify-send "$LATCHKEY_FROM" "$LATCHKEY_SUBJECT"\'',
        says: 'A notice on the desktop.',
      },
    ],
    exits: afterNetwork,
    load: async () => (await import('../mail-commands/watch.ts')).watch,
  },
  {
    name: 'wait',
    summary: 'Wait for the next message',
    synopsis: '[--timeout SECONDS]',
    description: ['Ends when a message has come and is filed, and prints its id.'],
    options: [{ name: 'timeout', value: 'SECONDS', says: 'Give up after this many seconds.' }],
    examples: [{ line: 'latchkey wait --timeout 60 && latchkey inbox --unread', says: 'In a script.' }],
    exits: [...afterNetwork, 'timeout'],
    load: async () => (await import('../mail-commands/wait.ts')).wait,
  },
  {
    name: 'export',
    summary: 'Take a message out',
    synopsis: 'ID (--eml FILE | --age FILE)',
    description: [
      '--eml writes the message with its attachments as mail programs read it. --age writes it as it is stored, sealed to you: an age file that opens with latchkey key --age-identity and any age program.',
    ],
    options: [
      { name: 'eml', value: 'FILE', says: "Write a mail file ('-' is standard output)." },
      { name: 'age', value: 'FILE', says: "Write an age file ('-' is standard output)." },
      force,
    ],
    operand: id,
    examples: [
      { line: 'latchkey export 3f9a --eml letter.eml', says: 'For another mail program.' },
      { line: 'latchkey export 3f9a --age letter.age', says: 'Sealed, for the archive.' },
    ],
    exits: [...afterNetwork, 'damaged', 'not_found'],
    load: async () => (await import('../mail-commands/export.ts')).exportMessage,
  },
];
