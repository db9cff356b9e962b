/** A server in the middle that changes what the real one says. */
import { ROUTES, type RequestOf, type ResponseOf, type RouteName } from '@latchkey/protocol/wire';
import type { Wire } from '../src/ports.ts';

type Answer<Name extends RouteName> = ResponseOf<(typeof ROUTES)[Name]>;
type Request<Name extends RouteName> = RequestOf<(typeof ROUTES)[Name]>;

export type Lies = {
  readonly [Name in RouteName]?: (answer: Answer<Name>, request: Request<Name>) => Answer<Name> | Promise<Answer<Name>>;
};

/** @param heard paths of all calls are put in here */
export function lyingWire(lies: Lies, heard: string[] = []): (wire: Wire) => Wire {
  return (wire) => ({
    origin: wire.origin,
    async call(route, request, options) {
      heard.push(route.path);
      const answer = await wire.call(route, request, options);
      const name = (Object.keys(lies) as RouteName[]).find((each) => ROUTES[each].path === route.path);
      if (name === undefined) return answer;
      const lie = lies[name] as (answer: unknown, request: unknown) => typeof answer;
      return lie(answer, request);
    },
    put: (...given) => wire.put(...given),
    read: (...given) => wire.read(...given),
    events: (...given) => wire.events(...given),
  });
}
