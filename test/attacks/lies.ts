/** Lies by name: each says which calls it is about, and what is told instead of the truth. */
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import {
  BODY_HASH_HEADER,
  encodeJson,
  parseJson,
  ROUTES,
  WIRE_ERRORS,
  type RequestOf,
  type ResponseOf,
  type RouteName,
  type WireErrorCode,
} from '../../packages/protocol/src/wire/index.ts';
import type { Answer, Heard, Lie } from './lying-proxy.ts';

type AnswerOf<Name extends RouteName> = ResponseOf<(typeof ROUTES)[Name]>;
type AskedOf<Name extends RouteName> = RequestOf<(typeof ROUTES)[Name]>;

export interface HeardOf<Name extends RouteName> extends Heard {
  readonly request: AskedOf<Name>;
}

const json = { 'content-type': 'application/json' };

function jsonAnswer(value: unknown): Answer {
  return { status: 200, headers: json, body: Buffer.from(encodeJson(value)) };
}

/** The server's JSON answer, changed; null lets it be. */
export function answers<Name extends RouteName>(
  name: Name,
  change: (answer: AnswerOf<Name>, heard: HeardOf<Name>) => unknown,
): Lie {
  return {
    about: [name],
    async tell(heard) {
      const { status, body } = await heard.ask();
      const answer = status === 200 ? parseJson(ROUTES[name].response, body.toString()) : null;
      if (answer === null) return null;
      const changed = await change(answer, heard as HeardOf<Name>);
      return changed === null ? null : jsonAnswer(changed);
    },
  };
}

/** An answer that the server never gave; null asks it after all. */
export function invents<Name extends RouteName>(name: Name, make: (heard: HeardOf<Name>) => unknown): Lie {
  return {
    about: [name],
    async tell(heard) {
      const made = await make(heard as HeardOf<Name>);
      return made === null ? null : jsonAnswer(made);
    },
  };
}

export interface AskedBytes {
  readonly name: 'holdsRead' | 'arrivalItem';
  readonly arrival: number | null;
  readonly item: number | null;
  readonly hold: Uint8Array | null;
  /** Of the first byte that was asked for. */
  readonly from: number;
  readonly totalBytes: number;
  /** The same range of another blob, or as many bytes from another place. */
  other(elsewhere: { readonly request?: unknown; readonly from?: number }): Promise<Uint8Array | null>;
}

/** The bytes of a blob, changed; null lets them be. What the headers say stays as it was, but for the length. */
export function bytes(change: (body: Uint8Array, asked: AskedBytes) => unknown): Lie {
  return {
    about: ['holdsRead', 'arrivalItem'],
    async tell(heard) {
      const answer = await heard.ask();
      if (answer.status !== 200 && answer.status !== 206) return null;
      const [, from = 0, total = answer.body.length] = (
        /^bytes (\d+)-\d+\/(\d+)$/.exec(answer.headers['content-range'] ?? '') ?? []
      ).map(Number);
      const asked = heard.request as { arrival?: number; item?: number; hold?: Uint8Array };
      const changed = await change(new Uint8Array(answer.body), {
        name: heard.name as AskedBytes['name'],
        arrival: asked.arrival ?? null,
        item: asked.item ?? null,
        hold: asked.hold ?? null,
        from,
        totalBytes: total,
        async other({ request, from: place }) {
          const range = place === undefined ? {} : { range: `bytes=${place}-${place + answer.body.length - 1}` };
          const { status, body } = await heard.ask({ ...range, ...(request === undefined ? {} : { request }) });
          return status === 200 || status === 206 ? new Uint8Array(body) : null;
        },
      });
      if (changed === null) return null;
      const body = Buffer.from(changed as Uint8Array);
      // Who lies about the bytes lies about their hash too.
      const hash = createHash('sha256').update(body).digest('base64url');
      return { ...answer, headers: { ...answer.headers, [BODY_HASH_HEADER]: hash }, body };
    },
  };
}

/** A refusal, where `when` says so. */
export function refuses(name: RouteName, code: WireErrorCode, when: (heard: Heard) => boolean = () => true): Lie {
  return {
    about: [name],
    tell: async (heard) =>
      when(heard) ? { status: WIRE_ERRORS[code], headers: json, body: Buffer.from(JSON.stringify({ code })) } : null,
  };
}

/** The connection ends: before the server heard of it, or after it did what was said. */
export function cuts(name: RouteName, at: 'before' | 'after', when: (heard: Heard) => boolean = () => true): Lie {
  return {
    about: [name],
    async tell(heard) {
      if (!when(heard)) return null;
      if (at === 'after') await heard.ask();
      return 'cut';
    },
  };
}

/** Whatever can be done with a response. */
export function breaks(name: RouteName, how: (response: ServerResponse, heard: Heard) => void): Lie {
  return { about: [name], tell: async (heard) => (response: ServerResponse) => how(response, heard) };
}
