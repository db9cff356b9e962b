/** What the flows of one space share. */
import type { Engine } from '@latchkey/crypto';
import type { RequestOf, ResponseOf, Route } from '@latchkey/protocol/wire';
import { SdkError } from '../errors.ts';
import type { ClientHost, Wire } from '../ports.ts';
import type { Seen } from './seen-file.ts';
import type { SpaceKeys } from './space-keys.ts';

export type SpaceHost = Pick<ClientHost, 'engine' | 'clock' | 'cache' | 'profile'>;

export interface SpaceContext {
  readonly host: SpaceHost;
  readonly engine: Engine;
  readonly seen: Seen;
  readonly wire: Wire;
  readonly session: string;
  readonly keys: SpaceKeys;
  readonly space: Uint8Array;
  /** 16 bytes. */
  readonly device: Uint8Array;
}

export async function callSpace<R extends Route>(
  { wire, session }: Pick<SpaceContext, 'wire' | 'session'>,
  route: R,
  request: RequestOf<R>,
): Promise<ResponseOf<R>> {
  return wire.call(route, request, { rights: { session } });
}

export function altered(message: string, cause?: unknown): SdkError {
  return new SdkError('space_altered', message, cause === undefined ? {} : { cause });
}

export function isAccusation(error: unknown): boolean {
  if (!(error instanceof SdkError)) return false;
  return error.code === 'space_rolled_back' || error.code === 'space_forked' || error.code === 'space_altered';
}
