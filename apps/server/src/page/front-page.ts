import { FILE_INVENTORY, JOINS, TABLE_INVENTORY } from '../inventory/tables.ts';
import type { Services } from '../services.ts';

/** What this is, how to join from the terminal, and what the operator can see. Nothing on it comes from a request. */
export function frontPage({ config, version }: Pick<Services, 'config' | 'version'>): string {
  const join = {
    open: '<p>Registration is open.</p>',
    invite: '<p>Registration needs an invitation from the operator.</p>',
    closed: '<p>This server takes no new accounts.</p>',
  }[config.registration];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Latchkey at ${escape(config.domain)}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
<h1>Latchkey at ${escape(config.domain)}</h1>
<p>Mail and files that only their owners can open. This machine moves and keeps ciphertext. It holds no owner’s key, so
whoever asks its operator for somebody’s mail gets ciphertext and the list below, and has to ask the owner.</p>
<h2>Join from the terminal</h2>
${join}
<p>The command <code>latchkey register</code> is not part of this release yet: until then <code>latchkey seal</code> and
<code>latchkey open</code> work with files alone, and this server speaks to programs that know its interface.</p>
<p>Everything is sealed and opened on your own machine. This page has no password field: no page of this server wants
your password.</p>
<h2>What the operator can see</h2>
<p>Every table and column there is, with what it reveals. A test of the program fails when one is missing here. It says
what this program keeps; what a changed program could watch stands in the second list of
<code>latchkey-server inventory</code>.</p>
${Object.entries(TABLE_INVENTORY).map(tableSection).join('\n')}
<h3>Files</h3>
<dl>${entries(FILE_INVENTORY)}</dl>
<h3>Side by side</h3>
<ul>${JOINS.map((line) => `<li>${escape(line)}</li>`).join('')}</ul>
<p>Network addresses are neither stored nor logged by this program. A proxy before it may do so.</p>
</main>
<footer><p>Latchkey ${escape(version)}. The interface is described in <a href="/v1/openapi.json">OpenAPI</a>.</p></footer>
</body>
</html>
`;
}

export const frontPageStyle = `:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 46rem; padding: 1rem; }
pre { overflow-x: auto; border: 1px solid; border-radius: 0.25rem; padding: 0.75rem; }
dt { font-family: ui-monospace, monospace; margin-top: 0.5rem; }
dd { margin-left: 1.5rem; }
h3 { margin-bottom: 0.25rem; }
`;

function tableSection([name, table]: [string, (typeof TABLE_INVENTORY)[string]]): string {
  return `<h3>${escape(name)}</h3>
<p>${escape(sentence(table.why))} Kept ${escape(table.kept)}.</p>
<dl>${entries(table.columns)}</dl>`;
}

function entries(columns: Readonly<Record<string, { readonly is: string; readonly reveals: string }>>): string {
  return Object.entries(columns)
    .map(
      ([name, { is, reveals }]) =>
        `<dt>${escape(name)}</dt><dd>${escape(sentence(is))} Reveals ${escape(reveals)}.</dd>`,
    )
    .join('');
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
