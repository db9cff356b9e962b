import { escapeXml } from './escape-xml.ts';

/** Horizontal bars on a logarithmic scale, as SVG that needs no fonts, scripts or colours of a page around it. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Null where nothing is asked for. */
  readonly target: number | null;
}

export interface Chart {
  readonly title: string;
  readonly note: string;
  readonly bars: readonly Bar[];
}

const LEFT = 190;
const WIDTH = 520;
const ROW = 30;
const TOP = 64;
const SCALE = { least: 0.25, most: 64 };

export function drawChart({ title, note, bars }: Chart): string {
  const height = TOP + bars.length * ROW + 44;
  const bottom = TOP + bars.length * ROW;
  const ticks = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + WIDTH + 80} ${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<g font-family="system-ui, sans-serif" font-size="13" fill="#222">`,
    `<text x="16" y="26" font-size="16" font-weight="600">${escapeXml(title)}</text>`,
    `<text x="16" y="46" fill="#555">${escapeXml(note)}</text>`,
    ...ticks.map((tick) => drawTick(tick, bottom)),
    ...bars.map((bar, row) => drawBar(bar, TOP + row * ROW)),
    `</g>`,
    `</svg>`,
    ``,
  ].join('\n');
}

function drawTick(tick: number, bottom: number): string {
  const x = place(tick).toFixed(1);
  return (
    `<line x1="${x}" y1="${TOP}" x2="${x}" y2="${bottom}" stroke="${tick === 1 ? '#555' : '#ddd'}"/>` +
    `<text x="${x}" y="${bottom + 18}" text-anchor="middle" fill="#555">${tick}×</text>`
  );
}

function drawBar({ label, value, target }: Bar, y: number): string {
  const [from, to] = [place(1), place(value)];
  const reached = target === null || value >= target;
  const mark =
    target === null
      ? ''
      : `<line x1="${place(target).toFixed(1)}" y1="${y + 2}" x2="${place(target).toFixed(1)}" y2="${y + 26}" stroke="#000" stroke-width="2"/>`;
  return (
    `<text x="${LEFT - 12}" y="${y + 19}" text-anchor="end">${escapeXml(label)}</text>` +
    `<rect x="${Math.min(from, to).toFixed(1)}" y="${y + 6}" width="${Math.abs(to - from).toFixed(1)}" height="16" fill="${reached ? '#2f7d5b' : '#b5542b'}"/>` +
    mark +
    `<text x="${(Math.max(to, place(target ?? 0.25), from) + 8).toFixed(1)}" y="${y + 19}">${value.toFixed(2)}×</text>`
  );
}

function place(value: number): number {
  const { least, most } = SCALE;
  const inside = Math.min(most, Math.max(least, value));
  return LEFT + (WIDTH * Math.log(inside / least)) / Math.log(most / least);
}
