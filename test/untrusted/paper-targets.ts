/** What people carry on paper, type, paste or scan. */
import { readFileSync } from 'node:fs';
import { parseRecipientsFile } from '../../apps/cli/src/recipients.ts';
import { formatCard, parseCard } from '../../packages/crypto/src/account/card.ts';
import { formatContactLine, parseContactLine } from '../../packages/crypto/src/account/contact-line.ts';
import { formatKitLine, parseKitLine } from '../../packages/crypto/src/account/kit-line.ts';
import { parseKitWords } from '../../packages/crypto/src/account/kit-words.ts';
import { decodeArmor } from '../../packages/crypto/src/age/decode-armor.ts';
import { decodeBech32 } from '../../packages/crypto/src/age/decode-bech32.ts';
import { nodeEngine } from '../../packages/crypto/src/engine-node/index.ts';
import { formatInvitation, parseInvitation } from '../../packages/protocol/src/wire/index.ts';
import { parseIdentityFile } from '../../packages/sdk/src/by-hand/identity.ts';
import { parseOrigin } from '../../packages/sdk/src/transport/parse-origin.ts';
import { parserTarget, textOf, type ParserTarget } from './target.ts';

const root = new URL('../../vectors/', import.meta.url);
const load = (file: string): unknown => JSON.parse(readFileSync(new URL(file, root), 'utf8'));
const lines = (kind: string): readonly string[] =>
  (load(`account/${kind}.json`) as { cases: { input: { text: string } }[] }).cases.map(({ input }) => input.text);
const accepted = (file: string): readonly string[] =>
  (load(file) as { accept: { text: string }[] }).accept.map(({ text }) => text);

const account = 'packages/crypto/src/account';
const checkedLine = [`${account}/checked-line.ts#parseCheckedLine`, `${account}/checked-line.ts#parseBase32`];
/** Paper is read in capitals and with any blanks: what is taken is compared in its one form. */
const oneForm = (input: Uint8Array): string =>
  textOf(input)
    .toLowerCase()
    .split(/[\t\n\r ]+/)
    .filter((word) => word !== '')
    .join(' ');

async function sameLine<T>(input: Uint8Array, parsed: T, format: (parsed: T) => Promise<string>): Promise<T> {
  if ((await format(parsed)) !== oneForm(input)) throw new TypeError('the line says something else');
  return parsed;
}

async function* whole(input: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(input);
}

export const paperTargets: readonly ParserTarget[] = [
  parserTarget('sign-in card', {
    drives: [`${account}/card.ts#parseCard`, ...checkedLine],
    seeds: lines('card'),
    parse: async (input) =>
      sameLine(input, await parseCard(nodeEngine, textOf(input)), (card) => formatCard(nodeEngine, card)),
  }),
  parserTarget('contact line', {
    drives: [`${account}/contact-line.ts#parseContactLine`],
    seeds: lines('contact-line'),
    parse: async (input) =>
      sameLine(input, await parseContactLine(nodeEngine, textOf(input)), (line) => formatContactLine(nodeEngine, line)),
  }),
  parserTarget('kit line', {
    drives: [`${account}/kit-line.ts#parseKitLine`, `${account}/kit-line.ts#parseGeneration`],
    seeds: lines('kit-line'),
    parse: async (input) =>
      sameLine(input, await parseKitLine(nodeEngine, textOf(input)), (line) => formatKitLine(nodeEngine, line)),
  }),
  parserTarget('kit words', {
    drives: [`${account}/kit-words.ts#parseKitWords`],
    seeds: lines('kit-words'),
    parse: (input) => (parseKitWords(textOf(input)).outcome === 'kit' ? true : null),
  }),
  parserTarget('armor', {
    drives: ['packages/crypto/src/age/decode-armor.ts#decodeArmor'],
    seeds: accepted('age/armor.json'),
    async parse(input) {
      for await (const _piece of decodeArmor(whole(input))) continue;
      return true;
    },
  }),
  parserTarget('bech32', {
    drives: ['packages/crypto/src/age/decode-bech32.ts#decodeBech32'],
    seeds: accepted('age/recipients.json'),
    parse: (input) => decodeBech32('age1pq', textOf(input)) ?? decodeBech32('age', textOf(input)),
  }),
  parserTarget('identity file of a person', {
    drives: ['packages/sdk/src/by-hand/identity.ts#parseIdentityFile'],
    seeds: accepted('age/identity-files.json'),
    parse: (input) => parseIdentityFile(textOf(input)),
  }),
  parserTarget('recipients file', {
    drives: ['apps/cli/src/recipients.ts#parseRecipientsFile'],
    seeds: ['# alice\nage1abc\n\nage1def\n', 'age1abc'],
    parse: (input) => parseRecipientsFile(textOf(input), 'recipients.txt'),
  }),
  parserTarget('invitation', {
    drives: ['packages/protocol/src/wire/invitation.ts#parseInvitation'],
    seeds: [
      formatInvitation({
        origin: 'https://mail.example.org',
        opaque: 'A'.repeat(43),
        policy: 'none',
        token: 'B'.repeat(22),
      }),
    ],
    parse: (input) => parseInvitation(textOf(input)),
  }),
  parserTarget('origin', {
    drives: ['packages/sdk/src/transport/parse-origin.ts#parseOrigin'],
    seeds: ['https://mail.example.org', 'http://localhost:7700/', 'http://[::1]:80'],
    parse: (input) => {
      const origin = parseOrigin(textOf(input));
      if (parseOrigin(origin) !== origin) throw new TypeError('an origin has two forms');
      return origin;
    },
  }),
];
