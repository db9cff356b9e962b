import { isCount, parseDecimal } from '../decimal.ts';
import { TlogError } from '../errors.ts';
import { TILE_WIDTH } from '../limits.ts';

/** One resource of a tiled log (C2SP tlog-tiles, "Merkle Tree" and "Log entries"). */
export interface TileName {
  /** 0 to 63, or the entries themselves. */
  readonly level: number | 'entries';
  /** 0-based within the level. */
  readonly index: number;
  /** Hashes or entries in it: 256 in a full tile, 1 to 255 in a partial one. */
  readonly width: number;
}

const MAX_LEVEL = 63;
/** Longer than the path of the last tile of all. */
const MAX_PATH_CHARS = 64;

/**
 * The path below a log's prefix: `tile/0/x001/x234/067`, `tile/entries/000.p/5`.
 * @throws TlogError `argument_invalid`
 */
export function formatTilePath({ level, index, width }: TileName): string {
  if (level !== 'entries' && !(isCount(level) && level <= MAX_LEVEL)) {
    throw new TlogError('argument_invalid', `a level is a number from 0 to ${MAX_LEVEL}, or entries`);
  }
  if (!isCount(index)) throw new TlogError('argument_invalid', 'an index is a whole number from 0 to 2^53 − 1');
  if (!isCount(width) || width < 1 || width > TILE_WIDTH) {
    throw new TlogError('argument_invalid', `a width is a number from 1 to ${TILE_WIDTH}`);
  }
  const partial = width === TILE_WIDTH ? '' : `.p/${width}`;
  return `tile/${level}/${formatIndex(index)}${partial}`;
}

/**
 * The resource that a path names; only the spelling of `formatTilePath` is taken.
 * @throws TlogError `tile_path_malformed`
 */
export function parseTilePath(path: string): TileName {
  const parts =
    path.length > MAX_PATH_CHARS
      ? null
      : /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/.exec(path);
  if (parts === null) throw malformed('it has not the form of one');
  const [, levelText = '', indexText = '', widthText = String(TILE_WIDTH)] = parts;
  const level = levelText === 'entries' ? levelText : parseDecimal(levelText);
  const index = parseDecimal(indexText.replaceAll(/[x/]/g, '').replace(/^0+(?=[0-9])/, ''));
  const width = parseDecimal(widthText);
  if (level === null || index === null || width === null) throw malformed('a number in it is not canonical');
  const name: TileName = { level, index, width };
  if ((level !== 'entries' && level > MAX_LEVEL) || width < 1 || width > TILE_WIDTH || formatTilePath(name) !== path) {
    throw malformed('a number in it is not canonical');
  }
  return name;
}

function formatIndex(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/[0-9]{3}/g) ?? [];
  return groups.map((group, place) => (place < groups.length - 1 ? `x${group}` : group)).join('/');
}

function malformed(why: string): TlogError {
  return new TlogError('tile_path_malformed', `not the path of a tile: ${why}`);
}
