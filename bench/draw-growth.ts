import { escapeXml } from './escape-xml.ts';

/** Lines over a logarithmic number of things, or over time, as SVG that needs no fonts, scripts or colours of a page around it. */
export interface GrowthLine {
  readonly label: string;
  /** Rising in `at`. */
  readonly points: readonly { readonly at: number; readonly value: number }[];
  /** Null where nothing is asked for. */
  readonly target: number | null;
  readonly unit: string;
}

export interface GrowthChart {
  readonly title: string;
  readonly note: string;
  /** What `at` counts. */
  readonly counts: string;
  /** Whether `at` grows evenly, as time does; else each point is ten times the one before, or so. */
  readonly isEven?: boolean;
  readonly lines: readonly GrowthLine[];
}

const LEFT = 60;
const WIDTH = 300;
const HEIGHT = 130;
const TOP = 96;
const GAP = { x: 110, y: 84 };
const COLUMNS = 2;
/** Of many points only so many are written at. */
const MOST_LABELS = 5;

/** One small picture for each line: what they measure has no common unit. */
export function drawGrowth({ title, note, counts, lines, isEven = false }: GrowthChart): string {
  const rows = Math.ceil(lines.length / COLUMNS);
  const width = LEFT + COLUMNS * (WIDTH + GAP.x);
  const height = TOP + rows * (HEIGHT + GAP.y);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<g font-family="system-ui, sans-serif" font-size="12" fill="#222">`,
    `<text x="16" y="26" font-size="16" font-weight="600">${escapeXml(title)}</text>`,
    `<text x="16" y="46" fill="#555">${escapeXml(note)}</text>`,
    ...lines.map((line, place) => {
      const x = LEFT + (place % COLUMNS) * (WIDTH + GAP.x);
      const y = TOP + Math.floor(place / COLUMNS) * (HEIGHT + GAP.y);
      return `<g transform="translate(${x} ${y})">${drawLine(line, { counts, isEven })}</g>`;
    }),
    `</g>`,
    `</svg>`,
    ``,
  ].join('\n');
}

function drawLine(
  { label, points, target, unit }: GrowthLine,
  { counts, isEven }: { readonly counts: string; readonly isEven: boolean },
): string {
  const along = (at: number): number => (isEven ? at : Math.log(at));
  const ats = points.map(({ at }) => along(at));
  const every = Math.ceil(points.length / MOST_LABELS);
  const [least, most] = [Math.min(...ats), Math.max(...ats)];
  const top = Math.max(target ?? 0, ...points.map(({ value }) => value)) * 1.1;
  const x = (at: number): number => (most === least ? WIDTH / 2 : ((along(at) - least) / (most - least)) * WIDTH);
  const y = (value: number): number => HEIGHT - (value / top) * HEIGHT;
  const place = ({ at, value }: { at: number; value: number }): string => `${x(at).toFixed(1)},${y(value).toFixed(1)}`;
  const asked = target === null ? '' : `; asked for: ${target} ${unit}`;
  return [
    `<text x="0" y="-14" font-weight="600">${escapeXml(label)}<tspan font-weight="400" fill="#555">${escapeXml(asked)}</tspan></text>`,
    `<path d="M0 0V${HEIGHT}H${WIDTH}" fill="none" stroke="#999"/>`,
    target === null
      ? ''
      : `<path d="M0 ${y(target).toFixed(1)}H${WIDTH}" fill="none" stroke="#000" stroke-dasharray="4 3"/>`,
    `<polyline points="${points.map(place).join(' ')}" fill="none" stroke="#2f7d5b" stroke-width="2"/>`,
    ...points
      .filter((_, place) => place % every === 0)
      .map(
        (point) =>
          `<circle cx="${x(point.at).toFixed(1)}" cy="${y(point.value).toFixed(1)}" r="3" fill="#2f7d5b"/>` +
          `<text x="${x(point.at).toFixed(1)}" y="${(y(point.value) - 8).toFixed(1)}" text-anchor="middle" stroke="#fff" stroke-width="3" paint-order="stroke">${short(point.value)} ${unit}</text>` +
          `<text x="${x(point.at).toFixed(1)}" y="${HEIGHT + 18}" text-anchor="middle" fill="#555">${short(point.at)}</text>`,
      ),
    `<text x="${WIDTH / 2}" y="${HEIGHT + 36}" text-anchor="middle" fill="#555">${escapeXml(counts)}</text>`,
  ].join('');
}

function short(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toFixed(2))} M`;
  if (value >= 1e4) return `${Number((value / 1e3).toFixed(1))} k`;
  return String(Number(value.toPrecision(4)));
}
