import { fileSource } from '@latchkey/host-node';
import { inspectItem, type ItemFacts, type ReaderKind } from '@latchkey/sdk/by-hand';
import type { Invocation } from '../invocation.ts';
import { stoppable } from '../stoppable.ts';

const kinds: Readonly<Record<ReaderKind, string>> = {
  mlkem768x25519: 'hybrid, post-quantum (mlkem768x25519)',
  x25519: 'X25519, not post-quantum',
  scrypt: 'passphrase (scrypt)',
  unknown: 'unknown',
};

/** Read the header and count the rest → tell. No key is asked for and none is used. */
export async function inspect({ operand, report }: Invocation): Promise<void> {
  const name = operand ?? '-';
  const facts = await stoppable(async () => {
    const source = await fileSource(name);
    try {
      return await inspectItem(source);
    } finally {
      await source.close();
    }
  });
  report.answer({
    facts: { command: 'inspect', file: name === '-' ? null : name, ...facts },
    text: formatFacts(facts),
  });
}

function formatFacts(facts: ItemFacts): string {
  const counted = new Map<ReaderKind, number>();
  for (const kind of facts.readers) counted.set(kind, (counted.get(kind) ?? 0) + 1);
  const readers = [...counted].map(([kind, count]) => `${count} ${kinds[kind]}`);
  const number = (value: number | null, unit: string): string => (value === null ? 'not known' : `${value} ${unit}`);
  return [
    `Format      age v1, ${facts.armored ? 'text (armor)' : 'binary'}`,
    `Recipients  ${readers.length === 0 ? 'none' : readers.join(', ')}`,
    `Content     ${number(facts.plaintextBytes, 'bytes')}`,
    `Chunks      ${number(facts.chunks, 'of at most 65536 bytes')}`,
    `Header      ${facts.headerBytes} bytes`,
    `Payload     ${number(facts.payloadBytes, 'bytes')}`,
    `Item        ${number(facts.itemBytes, 'bytes')}`,
    'Nothing was opened, and none of this was checked with a key.',
    '',
  ].join('\n');
}
