/** QR codes of our lines, for paper and for terminals. */
import { encode } from 'uqr';
import { Markup } from './html.ts';

/** White modules around the code; ISO/IEC 18004 asks for four. */
const QUIET_MODULES = 4;
/** Creases and stains over about 15 % of the code are mended. */
const LEVEL = 'M';

/** Rows of modules, `true` for black, with the quiet zone. */
export function qrModules(line: string): readonly (readonly boolean[])[] {
  return encode(line, { ecc: LEVEL, border: QUIET_MODULES, boostEcc: false }).data;
}

/** One path; a run of black modules in a row is one rectangle. */
export function qrSvg(line: string, label: string): Markup {
  const rows = qrModules(line);
  const size = rows.length;
  const path = rows.flatMap((row, y) => runsOf(row).map(([x, width]) => `M${x} ${y}h${width}v1h-${width}z`)).join('');
  return new Markup(
    `<svg class="code" viewBox="0 0 ${size} ${size}" role="img" aria-label="${label}" shape-rendering="crispEdges">` +
      `<rect width="${size}" height="${size}" fill="#fff"/><path fill="#000" d="${path}"/></svg>`,
  );
}

/** Half blocks, two rows of modules in one line; white is drawn, as terminals mostly write light on dark. */
export function qrText(line: string): string {
  const rows = qrModules(line);
  const lines: string[] = [];
  for (let y = 0; y < rows.length; y += 2) {
    const [upper = [], lower = []] = [rows[y], rows[y + 1]];
    lines.push(upper.map((black, x) => halfBlock(!black, lower[x] === false)).join(''));
  }
  return lines.join('\n');
}

function halfBlock(upperWhite: boolean, lowerWhite: boolean): string {
  if (upperWhite) return lowerWhite ? '█' : '▀';
  return lowerWhite ? '▄' : ' ';
}

/** Where black runs begin in a row, and how long they are. */
function runsOf(row: readonly boolean[]): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const [x, black] of row.entries()) {
    const last = runs.at(-1);
    if (!black) continue;
    if (last !== undefined && last[0] + last[1] === x) last[1] += 1;
    else runs.push([x, 1]);
  }
  return runs;
}
