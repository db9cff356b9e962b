/** The two sheets that an owner prints (docs/spec/05-account.md, "Sheets"): what each is for, and what it is not. */
import type { RecoveryKit, SignInCard } from '../types.ts';
import { joined, markup } from './html.ts';
import { formatFacts, formatPage } from './page.ts';
import { qrSvg, qrText } from './qr-code.ts';
import { formatDate, formatHash, formatPolicy } from './words.ts';

const CARD_TITLE = 'Sign-in card';
const KIT_TITLE = 'Recovery kit';

const CARD_USE = 'With this card and your password you sign in on a new phone, computer or browser.';
const CARD_LIMITS =
  'The card alone opens nothing: it is useless without the password. The server has no copy of it, so nobody there can try passwords on what it keeps for you.';
const CARD_LOSS =
  'If you lose it, any device that is signed in shows it again. If somebody may have both card and password, change the password at once.';
const CARD_KEEP = 'Keep it where you find it again, and never together with the password.';

const BY_HAND = 'Type this line in place of the code; capitals and small letters are the same.';

const KIT_WARNING =
  'Whoever has these words can read all your mail and files. They need neither your password nor your devices.';
const KIT_USE =
  'With this kit you come back into your account when the password is forgotten, or when all your devices and sign-in cards are gone. For a new device you do not need it: the sign-in card is for that.';
const KIT_LOSS =
  'Nobody else has a copy, and nobody can make one: not the people who run the server, and not the makers of Latchkey. If the kit, the password and all devices are lost, your data stays closed for ever.';
const KIT_KEEP =
  'Keep it on paper, in a safe or with somebody whom you trust with everything. Do not photograph it, and type it only into Latchkey.';
const KIT_RESCUE =
  'Together with the rescue file that the server gives you, these words also open your data without the server and without Latchkey, with any program that reads age files.';

/** A whole HTML page. It holds the account secret: for its owner's eyes and printer. */
export function cardPage({ address, origin, policy, text }: SignInCard): string {
  const facts = formatFacts([
    ['Address', address],
    ['Server', origin],
    ['Policy', formatPolicy(policy)],
  ]);
  const body = joined([
    markup`<div class="sheet">${qrSvg(text, 'The card as a code')}${facts}</div>`,
    markup`<h2>What it is for</h2><p>${CARD_USE}</p><p>${CARD_LIMITS}</p>`,
    markup`<h2>Keeping it</h2><p>${CARD_KEEP} ${CARD_LOSS}</p>`,
    markup`<h2>Without a camera</h2><p>${BY_HAND}</p><p><code>${text}</code></p>`,
  ]);
  return formatPage({ title: CARD_TITLE, address, line: text, body, footer: CARD_KEEP });
}

/** A whole HTML page. It opens the account: for its owner's eyes and printer. */
export function kitPage(kit: RecoveryKit): string {
  const { address, text } = kit;
  const words = kit.words.map((word, at) => markup`<li><span>${at + 1}</span> ${word}</li>`);
  const body = joined([
    markup`<p class="warning"><strong>${KIT_WARNING}</strong></p>`,
    markup`<ol class="words">${joined(words)}</ol>`,
    markup`<div class="sheet">${qrSvg(text, 'The kit as a code')}${formatFacts(kitFacts(kit))}</div>`,
    markup`<h2>What it is for</h2><p>${KIT_USE}</p><p>${KIT_RESCUE}</p>`,
    markup`<h2>Keeping it</h2><p>${KIT_KEEP}</p><p>${KIT_LOSS}</p>`,
  ]);
  return formatPage({ title: KIT_TITLE, address, line: text, body, footer: KIT_WARNING });
}

/** The same for a terminal, with a code of half blocks. */
export function cardText({ address, origin, policy, text }: SignInCard): string {
  return sheetText(CARD_TITLE, [
    `${CARD_USE}\n${CARD_LIMITS}`,
    `Address  ${address}\nServer   ${origin}\nPolicy   ${formatPolicy(policy)}`,
    text,
    qrText(text),
    `${CARD_KEEP}\n${CARD_LOSS}`,
  ]);
}

/** The same for a terminal, with a code of half blocks. */
export function kitText(kit: RecoveryKit): string {
  const facts = kitFacts(kit).map(([name, value]) => `${name.padEnd(12)}${value}`);
  return sheetText(KIT_TITLE, [
    KIT_WARNING,
    wordRows(kit.words),
    facts.join('\n'),
    qrText(kit.text),
    `${KIT_USE}\n${KIT_RESCUE}`,
    `${KIT_KEEP}\n${KIT_LOSS}`,
  ]);
}

function kitFacts(kit: RecoveryKit): readonly (readonly [string, string])[] {
  return [
    ['Address', kit.address],
    ['Server', kit.origin],
    ['Made on', formatDate(kit.dateSeconds)],
    ['Generation', String(kit.generation)],
    ['Policy', formatPolicy(kit.policy)],
    ['First keys', formatHash(kit.genesis)],
  ];
}

/** Six rows, numbered downwards like the page. */
function wordRows(words: readonly string[]): string {
  const rows = Math.ceil(words.length / 4);
  return Array.from({ length: rows }, (_row, row) =>
    words
      .flatMap((word, at) => (at % rows === row ? [`${String(at + 1).padStart(2)} ${word.padEnd(10)}`] : []))
      .join(' ')
      .trimEnd(),
  ).join('\n');
}

function sheetText(title: string, parts: readonly string[]): string {
  return `${[`Latchkey: ${title}`, ...parts].join('\n\n')}\n`;
}
