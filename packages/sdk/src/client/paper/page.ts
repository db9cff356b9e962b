/** One printed sheet: a page that holds all it needs, runs nothing and loads nothing. */
import { joined, markup, Markup } from './html.ts';

const STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 12mm; max-width: 190mm; background: #fff; color: #1c1c1c;
  font: 11pt/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
header { display: flex; justify-content: space-between; gap: 8mm; border-bottom: 0.4mm solid #1c1c1c;
  padding-bottom: 4mm; margin-bottom: 6mm; }
h1 { font-size: 20pt; line-height: 1.2; margin: 0; }
h2 { font-size: 11pt; margin: 5mm 0 1mm; }
p { margin: 0 0 2mm; }
.brand { font-size: 10pt; white-space: nowrap; }
.sheet { display: flex; flex-wrap: wrap; gap: 6mm 8mm; align-items: flex-start; }
.sheet dl { flex: 1 1 80mm; min-width: 0; }
.code { flex: none; width: 58mm; height: 58mm; }
dl { margin: 0; display: grid; grid-template-columns: max-content 1fr; gap: 1mm 4mm; }
dt { color: #555; }
dd { margin: 0; overflow-wrap: anywhere; }
code { font: 9pt/1.4 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.words { list-style: none; margin: 4mm 0; padding: 0; display: grid; grid-auto-flow: column;
  grid-template-rows: repeat(6, auto); grid-template-columns: repeat(4, 1fr); border: 0.2mm solid #999; }
.words li { padding: 1.6mm 3mm; font: 12pt/1.3 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
.words span { display: inline-block; width: 7mm; color: #555; font-size: 9pt; }
.warning { border-left: 1mm solid #1c1c1c; padding-left: 3mm; margin: 4mm 0; }
footer { margin-top: 6mm; border-top: 0.2mm solid #999; padding-top: 2mm; font-size: 9pt; color: #555; }
@media screen and (max-width: 160mm) {
  body { padding: 6mm; }
  header { flex-wrap: wrap; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: 2mm; }
  .words { grid-auto-flow: row; grid-template-rows: none; grid-template-columns: repeat(auto-fill, minmax(34mm, 1fr)); }
}
@page { size: auto; margin: 12mm; }
@media print { body { padding: 0; max-width: none; } h2, .sheet, .words { break-inside: avoid; } }
`;

/** Of `STYLE`, so that no other style counts; the test computes it. */
const STYLE_HASH = 'sha256-kr/jWnME19MBL3d5bzXa0TaUG+mXcz/JE7lOt22bmmc=';

export interface Sheet {
  readonly title: string;
  readonly address: string;
  /** What a program reads from the page: `latchkey login --card page.html`. */
  readonly line: string;
  readonly body: Markup;
  readonly footer: string;
}

export function formatPage({ title, address, line, body, footer }: Sheet): string {
  const policy = `default-src 'none'; style-src '${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width">
<meta name="latchkey-sheet" content="${line}">
<title>${title}: ${address}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header><h1>${title}</h1><div class="brand">Latchkey</div></header>
<main>
${body}
</main>
<footer>${footer}</footer>
</body>
</html>
`.text;
}

/** Name and value, in the order given. */
export function formatFacts(facts: readonly (readonly [string, string])[]): Markup {
  const rows = facts.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`);
  return markup`<dl>${joined(rows)}</dl>`;
}
