/** Pages of a space's change log, their numbers checked (docs/spec/07-spaces.md, "Catching up"). */
import { limits, ROUTES, type ResponseOf } from '@latchkey/protocol/wire';
import { SdkError } from '../errors.ts';
import { altered, callSpace, type SpaceContext } from './space-context.ts';

type Answer = ResponseOf<(typeof ROUTES)['spacesChanges']>;
export type FetchedChange = Answer['changes'][number];

export interface ChangePage {
  readonly changes: readonly FetchedChange[];
  /** Size of the log when the server answered. */
  readonly size: number;
}

/**
 * The changes after a number, at most `limit`: without a gap, and at least one where there is one.
 *
 * @throws SdkError `space_rolled_back`, `space_altered`, and what the wire throws
 */
export async function fetchChanges(
  context: SpaceContext,
  after: number,
  limit: number = limits.MAX_LISTED,
): Promise<ChangePage> {
  const answer = await callSpace(context, ROUTES.spacesChanges, { space: context.space, after, limit });
  const { changes, size, more } = answer;
  if (size < after) {
    throw new SdkError('space_rolled_back', `the server has ${size} changes of a space that had ${after}`);
  }
  if (changes.length > limit) throw altered('more changes than were asked for');
  for (const [index, { number }] of changes.entries()) {
    if (number !== after + index + 1) throw altered(`change ${number} stands where ${after + index + 1} belongs`);
  }
  const end = after + changes.length;
  if (end > size || more !== end < size || (changes.length === 0 && end < size)) {
    throw altered('the server does not give the changes that it counts');
  }
  return { changes, size };
}
