import { sameBytes } from '../byte-fields.ts';
import { directoryOf, type VerifiedHead } from './verify-head.ts';
import type { VerifiedAbsence, VerifiedHistory } from './verify-lookup.ts';

/**
 * Rule 5: whether what was looked up before may be used with this head without another look-up. Only a map root that
 * is equal byte for byte says that nothing has changed for anybody.
 * @throws KeyDirectoryError `argument_invalid` for a head that was not verified
 */
export function stillCurrent(head: VerifiedHead, lookup: VerifiedHistory | VerifiedAbsence): boolean {
  directoryOf(head);
  return sameBytes(head.mapRoot, lookup.mapRoot);
}
