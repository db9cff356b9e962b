import type { Wire } from '../src/ports.ts';
import { cutLine, Killed } from './mail-people.ts';

/** From the nth call of a path on nothing goes through; that one may have been heard. */
export function cutAtPath({
  path,
  nth,
  cut,
}: {
  path: string;
  nth: number;
  cut: 'before' | 'after';
}): (wire: Wire) => Wire {
  let seen = 0;
  let isCut = false;
  return (wire) => ({
    ...cutLine(Number.MAX_SAFE_INTEGER, 'before').between(wire),
    async call(route, request, options) {
      const isIt = route.path === path && seen++ === nth;
      if (isCut || (isIt && cut === 'before')) {
        isCut = true;
        throw new Killed(`before ${route.path}`);
      }
      const answer = await wire.call(route, request, options);
      if (!isIt) return answer;
      isCut = true;
      throw new Killed(`after ${route.path}`);
    },
  });
}
