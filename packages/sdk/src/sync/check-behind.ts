/**
 * Roots at sizes that this device's tree has passed already. A tree that is kept as its peaks cannot say what its root
 * was, so the part of the log around such a size is fetched again, from the nearest older place that is remembered to
 * the nearest newer one. Both ends must meet, or the server would now show another history for the part between.
 * docs/spec/07-spaces.md, "Heads behind the tip".
 */
import { changeLeaf } from './change-leaf.ts';
import { fetchChanges } from './fetch-changes.ts';
import { EMPTY_TREE, LogTree, rootOf, type TreePlace } from './log-tree.ts';
import { RootWatch, type SizedRoot } from './root-watch.ts';
import { altered, type SpaceContext } from './space-context.ts';

/**
 * @param places remembered ones, in any order
 * @param roots each at most the size of the largest place
 * @throws SdkError `space_forked`, `space_altered`, and what the wire throws
 */
export async function checkBehind(
  context: SpaceContext,
  places: readonly TreePlace[],
  roots: readonly SizedRoot[],
): Promise<void> {
  const sorted = [EMPTY_TREE, ...places].toSorted((one, other) => one.size - other.size);
  const watch = new RootWatch(roots);
  for (const [index, from] of sorted.entries()) {
    await watch.check(new LogTree(context.engine, from));
    const to = sorted[index + 1];
    if (to === undefined) return;
    const between = roots.filter(({ size }) => size > from.size && size < to.size);
    if (between.length > 0) await fetchAgain(context, { from, to }, between);
  }
}

async function fetchAgain(
  context: SpaceContext,
  { from, to }: { readonly from: TreePlace; readonly to: TreePlace },
  roots: readonly SizedRoot[],
): Promise<void> {
  const tree = new LogTree(context.engine, from);
  const watch = new RootWatch([...roots, { size: to.size, root: await rootOf(context.engine, to) }]);
  while (tree.size < to.size) {
    const { changes } = await fetchChanges(context, tree.size, Math.min(256, to.size - tree.size));
    if (changes.length === 0) throw altered('changes that were there are not given again');
    for (const change of changes) {
      await tree.append(await changeLeaf(context.engine, change));
      await watch.check(tree);
    }
  }
}
