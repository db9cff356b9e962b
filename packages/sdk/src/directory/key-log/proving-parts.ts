import type { Clock } from '../../ports.ts';
import type { Space } from '../../sync/types.ts';
import type { OwnView } from '../require-own-identity.ts';
import type { LogEngine, LogPin } from './log-pin.ts';

/** What proving needs of an account. */
export interface ProvingParts extends OwnView {
  readonly engine: LogEngine;
  readonly vault: Space;
  readonly clock: Clock;
  readonly log: LogPin;
}
