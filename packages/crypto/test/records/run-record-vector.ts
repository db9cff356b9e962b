/** What the room answers to one vector of vectors/records. */
import { CryptoError } from '../../src/errors.ts';
import { itemOf } from '../../src/item.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { paddedBodyBytes, paddedRecordBytes, padmeBytes } from '../../src/padme.ts';
import { openDelivery } from '../../src/record/delivery.ts';
import { type LatchKind, unwrapRoot } from '../../src/record/latch.ts';
import { openRecord } from '../../src/record/record.ts';
import type { RecordVector, RecordVectors } from './record-vector.ts';

export async function runRecordVector(
  engine: Engine,
  kind: RecordVectors['kind'],
  { input }: RecordVector,
): Promise<RecordVector['expect']> {
  const bytes = (name: string): Uint8Array => Uint8Array.from(Buffer.from(String(input[name]), 'hex'));
  const number = (name: string): number => Number(input[name]);
  try {
    const answer = await ANSWERS[kind](engine, { bytes, number, text: (name) => String(input[name]) });
    return answer instanceof Uint8Array ? Buffer.from(answer).toString('hex') : answer;
  } catch (error) {
    if (error instanceof CryptoError) return `throws ${error.code}`;
    throw error;
  }
}

interface Input {
  readonly bytes: (name: string) => Uint8Array;
  readonly number: (name: string) => number;
  readonly text: (name: string) => string;
}

type Answer = (engine: Engine, input: Input) => Promise<Uint8Array | number | null>;

const ANSWERS: Readonly<Record<RecordVectors['kind'], Answer>> = {
  item: async (engine, { bytes }) => itemOf(engine, { fileKey: bytes('fileKey'), payloadNonce: bytes('payloadNonce') }),
  padding: async (_engine, { number, text }) => {
    const sizeOf = { padme: padmeBytes, body: paddedBodyBytes, record: paddedRecordBytes }[text('rule')];
    if (sizeOf === undefined) throw new Error('unknown rule');
    return Promise.resolve(sizeOf(number('lengthBytes')));
  },
  record: async (engine, { bytes, number, text }) =>
    openRecord(
      { engine, epochSecret: bytes('epochSecret') },
      {
        space: bytes('space'),
        epoch: number('epoch'),
        record: bytes('record'),
        version: BigInt(text('version')),
        membershipNote: text('membershipNote') === '' ? null : bytes('membershipNote'),
      },
      bytes('sealed'),
    ),
  latch: async (engine, { bytes, number, text }) =>
    unwrapRoot(
      { engine, kek: bytes('kek') },
      {
        account: bytes('account'),
        latch: bytes('latch'),
        kind: text('kind') as LatchKind,
        generation: number('generation'),
      },
      bytes('wrapped'),
    ),
  delivery: async (engine, { bytes }) =>
    openDelivery(
      { engine, fileKey: bytes('fileKey'), header: bytes('header'), payloadNonce: bytes('payloadNonce') },
      bytes('sealed'),
    ),
};
