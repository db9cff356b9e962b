import { hex, named } from '../records/by-the-book.ts';
import type { AccountVector, AccountVectors, Fields } from './account-vector.ts';
import { base32, checkedLine } from './on-paper.ts';

const ADDRESS = 'alice@example.org';
const ORIGIN = 'https://mail.example.org';
const SECRET = named('account secret', 16);
const SERVER_KEY = named('server key', 32);
const POLICY = named('policy hash', 32);
const ENTROPY = named('kit entropy', 32);
const GENESIS = named('genesis hash', 32);
const IDENTITY = named('identity hash', 32);

interface Form {
  /** Of a line with a policy. */
  readonly fields: readonly string[];
  readonly read: Fields;
  readonly code: string;
  /** Places of fields, by what they hold. */
  readonly bytesAt: readonly number[];
  readonly policyAt: number;
}

const CARD: Form = {
  fields: ['latchkey/card/v1', ADDRESS, ORIGIN, base32(SECRET), base32(SERVER_KEY), base32(POLICY)],
  read: {
    address: ADDRESS,
    origin: ORIGIN,
    accountSecret: hex(SECRET),
    serverKey: SERVER_KEY.toString('base64url'),
    policy: hex(POLICY),
  },
  code: 'throws card_malformed',
  bytesAt: [3, 4, 5],
  policyAt: 5,
};

const KIT: Form = {
  fields: ['latchkey/kit/v1', ADDRESS, ORIGIN, '3', base32(ENTROPY), base32(POLICY), base32(GENESIS)],
  read: {
    address: ADDRESS,
    origin: ORIGIN,
    generation: 3,
    entropy: hex(ENTROPY),
    policy: hex(POLICY),
    genesis: hex(GENESIS),
  },
  code: 'throws kit_malformed',
  bytesAt: [4, 5, 6],
  policyAt: 5,
};

const CONTACT: Form = {
  fields: ['latchkey/contact/v1', ADDRESS, ORIGIN, base32(IDENTITY), base32(POLICY)],
  read: { address: ADDRESS, origin: ORIGIN, identity: hex(IDENTITY), policy: hex(POLICY) },
  code: 'throws contact_malformed',
  bytesAt: [3, 4],
  policyAt: 4,
};

/** What all forms take and refuse. Where not said otherwise the checksum is right for what stands before it. */
function linesOf(form: Form): readonly AccountVector[] {
  const { fields, read, code, bytesAt, policyAt } = form;
  const line = checkedLine(fields);
  const last = line.split(' ').at(-1) ?? '';
  const taken = (id: string, text: string, change: Fields = {}): AccountVector => ({
    id,
    input: { text },
    expect: { ...read, ...change },
  });
  const refused = (id: string, text: string): AccountVector => ({ id, input: { text }, expect: code });
  const having = (id: string, at: number, value: string): AccountVector =>
    refused(id, checkedLine(fields.with(at, value)));
  const longLocal = `${'a'.repeat(64)}@example.org`;
  return [
    taken('line', line),
    taken('without a policy', checkedLine(fields.with(policyAt, 'none')), { policy: null }),
    taken('of a server on this machine', checkedLine(fields.with(2, 'http://[::1]:7700')), {
      origin: 'http://[::1]:7700',
    }),
    taken('longest local part', checkedLine(fields.with(1, longLocal)), { address: longLocal }),
    taken('in capitals', line.toUpperCase()),
    taken('on several lines', `\t ${line.replaceAll(' ', ' \r\n')} \n`),
    taken('with 1,024 characters', line.padEnd(1024)),
    refused('with 1,025 characters', line.padEnd(1025)),
    refused('nothing', ''),
    refused('checksum absent', fields.join(' ')),
    refused('checksum of another line', checkedLine(fields.with(1, 'bob@example.org')).replace('bob', 'alice')),
    refused('checksum one character short', line.slice(0, -1)),
    refused('checksum one character long', `${line}a`),
    refused('a no-break space', line.replace(' ', '\u00a0')),
    refused('a letter that is no ASCII letter', line.replace('k', '\u212a')),
    refused('one field more', checkedLine([...fields, 'none'])),
    refused('one field less', checkedLine(fields.slice(0, -1))),
    refused('checksum twice', `${line} ${last}`),
    having('of version 2', 0, (fields[0] ?? '').replace('v1', 'v2')),
    having('of another kind', 0, 'latchkey/link/v1'),
    having('address without @', 1, 'example.org'),
    having('address with +', 1, 'alice+tag@example.org'),
    having('local part too long', 1, `a${longLocal}`),
    having('domain too long', 1, `alice@${'a'.repeat(190)}`),
    having('origin without scheme', 2, 'mail.example.org'),
    having('origin of another scheme', 2, 'ftp://mail.example.org'),
    having('origin with a path', 2, 'https://mail.example.org/x'),
    having('origin too long', 2, `https://${'a'.repeat(281)}`),
    having('policy of another word', policyAt, 'nothing'),
    ...bytesAt.flatMap((at) => {
      const value = fields[at] ?? '';
      return [
        having(`field ${at} one character short`, at, value.slice(0, -1)),
        having(`field ${at} one character long`, at, `${value}a`),
        having(`field ${at} with a digit of no value`, at, `0${value.slice(1)}`),
        having(`field ${at} with spare bits`, at, `${value.slice(0, -1)}b`),
        having(`field ${at} padded`, at, `${value}====`),
      ];
    }),
  ];
}

export function cardVectors(): AccountVectors {
  const secretIsNone = {
    id: 'account secret none',
    input: { text: checkedLine(CARD.fields.with(3, 'none')) },
    expect: CARD.code,
  };
  const kit = { id: 'a line of a kit', input: { text: checkedLine(KIT.fields) }, expect: CARD.code };
  return { kind: 'card', cases: [...linesOf(CARD), secretIsNone, kit] };
}

export function kitLineVectors(): AccountVectors {
  const having = (text: string): string => checkedLine(KIT.fields.with(3, text));
  const taken = [0, 1, 10, 0xffff_ffff].map((generation) => ({
    id: `generation ${generation}`,
    input: { text: having(String(generation)) },
    expect: { ...KIT.read, generation },
  }));
  const refused = ['-1', '01', '1.0', '1e3', '0x1', '4294967296', '99999999999', 'none'].map((text) => ({
    id: `generation ${text}`,
    input: { text: having(text) },
    expect: KIT.code,
  }));
  const card = { id: 'a sign-in card', input: { text: checkedLine(CARD.fields) }, expect: KIT.code };
  return { kind: 'kit-line', cases: [...linesOf(KIT), ...taken, ...refused, card] };
}

export function contactLineVectors(): AccountVectors {
  const identityIsNone = {
    id: 'identity none',
    input: { text: checkedLine(CONTACT.fields.with(3, 'none')) },
    expect: CONTACT.code,
  };
  const card = { id: 'a sign-in card', input: { text: checkedLine(CARD.fields) }, expect: CONTACT.code };
  return { kind: 'contact-line', cases: [...linesOf(CONTACT), identityIsNone, card] };
}
