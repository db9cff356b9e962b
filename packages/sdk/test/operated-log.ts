import { createHash } from 'node:crypto';
import type { Lies } from './lying-wire.ts';
import type { MemoryKeyLog } from './memory-key-log.ts';

/**
 * All of the server but its key log, which is the operator's, and quite consistent in itself. For `lyingWire`.
 *
 * @param log what is shown, asked for at each call
 * @param grown the logs that whoever registers gets into; without it, the one that is shown
 */
export function operatedLog(
  log: () => MemoryKeyLog,
  grown: () => Iterable<MemoryKeyLog> = () => [log()],
): Required<Pick<Lies, 'wellKnown' | 'ktPolicy' | 'ktResolve' | 'ktHours' | 'registerFinish'>> {
  return {
    wellKnown: (answer) => ({
      ...answer,
      policy: new Uint8Array(createHash('sha256').update(log().pin.policy).digest()),
    }),
    ktPolicy: () => log().policy(),
    ktResolve: (_answer, request) => log().answer(request),
    ktHours: (_answer, request) => log().hours(request),
    async registerFinish(answer, { address, statement }) {
      for (const each of grown()) {
        await each.add(address, statement);
        await each.publish();
      }
      return answer;
    },
  };
}
