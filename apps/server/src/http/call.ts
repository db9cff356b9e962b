import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestOf, ResponseOf, RouteName, ROUTES } from '@latchkey/protocol/wire';
import type { Services } from '../services.ts';

/** Who called, where the route wants a session. */
export interface Session {
  readonly account: Uint8Array;
  readonly tokenHash: Uint8Array;
  /** Whether the account is new and may deliver less. */
  readonly isNew: boolean;
  /** How many recipients the pass serves; null: as many as a call has. */
  readonly mostRecipients: number | null;
}

/** One call of a route, checked against its row in the table. */
export interface Call<Name extends RouteName> {
  readonly services: Services;
  readonly input: RequestOf<(typeof ROUTES)[Name]>;
  /** The bytes behind the JSON; empty where there are none. */
  readonly attached: Uint8Array;
  readonly session: Session;
  readonly incoming: IncomingMessage;
}

/** A handler gives the answer's value, or what writes it where the answer is no JSON. */
export type Handler<Name extends RouteName> = (
  call: Call<Name>,
) => Promise<ResponseOf<(typeof ROUTES)[Name]> | RawAnswer> | ResponseOf<(typeof ROUTES)[Name]> | RawAnswer;

export type Handlers = { readonly [Name in RouteName]: Handler<Name> };

/** Writes head and body itself; settles when the answer has been sent or the line was cut. */
export class RawAnswer {
  readonly write: (outgoing: ServerResponse) => Promise<void>;
  /** It ends when the client leaves: what the call was made of is let go before. */
  readonly isLasting: boolean;

  constructor(
    write: (outgoing: ServerResponse) => Promise<void>,
    { isLasting = false }: { readonly isLasting?: boolean } = {},
  ) {
    this.write = write;
    this.isLasting = isLasting;
  }
}
