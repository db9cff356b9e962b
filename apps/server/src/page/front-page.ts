import { ROUTE_NAMES, routeNamed } from '@latchkey/protocol/wire';
import type { Config } from '../config/config.ts';
import { FILE_INVENTORY } from '../inventory/files.ts';
import { JOINS } from '../inventory/joins.ts';
import { TABLE_INVENTORY } from '../inventory/tables.ts';
import type { Services } from '../services.ts';
import { WEB_APP_PATH } from '../web-app/serve-web-app.ts';

type Shown = Pick<Services, 'config' | 'origin' | 'version' | 'handoverKeys' | 'webApp'>;

/** What this is, how to join from the terminal, and what the operator can see. Nothing on it comes from a request. */
export function frontPage({ config, origin, version, handoverKeys, webApp }: Shown): string {
  const domain = escape(config.domain);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Latchkey at ${domain}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
<header>
<h1>Latchkey at ${domain}</h1>
<p class="lead">Mail and files that only their owners can open.</p>
</header>
<p>This machine moves and keeps ciphertext. It holds no owner’s key and never sees a password. Whoever asks its operator
for somebody’s mail gets ciphertext and what is listed below, and has to ask the owner.</p>
<nav aria-label="On this page"><a href="#join">Join</a><a href="#operator">What the operator can see</a><a
href="#changed">What a changed server could learn</a><a href="#keys">Keys</a></nav>

${webApp === null ? '' : inABrowser}<section id="join">
<h2>Join from the terminal</h2>
${joining(config, origin)}
<p>Everything is sealed and opened on your own machine. ${webApp === null ? noPasswordHere : passwordInTheApp}</p>
</section>

<section id="operator">
<h2>What the operator can see</h2>
<div class="sides">
<div>
<h3>Kept here</h3>
<ul>
<li>that an address exists, and its public keys</li>
<li>how much is kept, and in how many pieces of which padded size</li>
<li>the hour in which mail came, until it is fetched and filed; then only the day, for 90 days</li>
<li>on which days an account was used, and how many devices and sessions it has</li>
<li>which accounts received the same item</li>
</ul>
</div>
<div>
<h3>Not kept, or not readable</h3>
<ul>
<li>texts, subjects, names of files, contacts, search words</li>
<li>who sent a message: deliveries carry no sender; what may be guessed stands under “Side by side”</li>
<li>passwords, or anything that a password could be guessed from</li>
<li>network addresses: this program neither stores nor logs them; a proxy before it may</li>
<li>what was read, starred, labelled or searched</li>
</ul>
</div>
</div>
<p>Below is all of it, column by column. A test of the program fails when one is missing.</p>
${Object.entries(TABLE_INVENTORY).map(tableSection).join('\n')}
<details><summary><h3>Files</h3><span>what lies in the data folder</span></summary>
<dl>${entries(FILE_INVENTORY)}</dl></details>
<details><summary><h3>Side by side</h3><span>what follows when rows are compared</span></summary>
<dl>${JOINS.map(({ name, says }) => `<dt>${escape(name)}</dt><dd>${escape(says)}</dd>`).join('')}</dl></details>
</section>

<section id="changed">
<h2>What a changed server could learn</h2>
<p>An operator can run another program than this one. It still could open nothing, but could watch from then on. This is
what each call would show it.</p>
<details><summary><h3>Calls</h3><span>${ROUTE_NAMES.length} of them</span></summary>
<dl>${ROUTE_NAMES.map(callEntry).join('')}</dl></details>
</section>

<section id="keys">
<h2>Keys of this server</h2>
<p>What is handed over about an account is signed by these two keys together, so that it can be shown later what was in
it. They open nothing.</p>
<details><summary><h3>Verifier keys</h3><span>Ed25519 and ML-DSA-44</span></summary>
${handoverKeys.map((key) => `<pre class="key"><code>${escape(key)}</code></pre>`).join('\n')}</details>
</section>
</main>
<footer><p>Latchkey ${escape(version)} · <a href="/v1/openapi.json">the interface, as OpenAPI</a></p></footer>
</body>
</html>
`;
}

const inABrowser = `<section id="browser">
<h2>Mail in a browser</h2>
<p><a href="${WEB_APP_PATH}">Open Latchkey</a>. Sealing and opening happen in your browser; the password does not leave it.
A browser runs what this server sends at each visit, so there you trust its operator not to send other code; the
terminal’s program you install once and can check.</p>
</section>

`;

const noPasswordHere = `There is no password field here: no page of this server wants
your password, and one that does is not ours.`;

const passwordInTheApp = `The one place here that asks for your password is the app under <code>${WEB_APP_PATH}</code>;
every other page that does is not ours.`;

/**
 * No line here begins with `npx`: the name in public registries is nobody's, and whoever takes it must not get the passwords
 * of those who copy a line into any folder.
 */
const whereItRuns = `These commands are those of the program, which you have from a release. In a clone of Latchkey’s source,
and nowhere else, write <code>npx</code> before them.`;

function joining({ registration, domain }: Config, origin: string): string {
  if (registration === 'closed') {
    return `<p>This server takes no new accounts. With an account here you log in on another machine as follows. ${whereItRuns}</p>
<pre><code>latchkey login you@${escape(domain)} --server ${escape(origin)} --card card.txt</code></pre>`;
  }
  const invite = registration === 'invite' ? ' --invite INVITATION' : '';
  const who =
    registration === 'invite'
      ? 'Registration needs an invitation: one line of text, which you get from the operator.'
      : 'Registration is open.';
  return `<p>${who} ${whereItRuns}</p>
<pre><code>latchkey register you@${escape(domain)} --server ${escape(origin)}${invite}</code></pre>
<p>It asks for a password and gives you two pages to print: the <em>sign-in card</em> for your next machine, and the
<em>recovery kit</em> for the safe. Without password and card, or the kit, nobody can let you in again, and that includes
the operator.</p>
<pre><code>echo "Hello" | latchkey send --to alice@${escape(domain)} --subject "First mail"
latchkey inbox</code></pre>`;
}

function tableSection([name, table]: [string, (typeof TABLE_INVENTORY)[string]]): string {
  return `<details><summary><h3>${escape(name)}</h3><span>${escape(table.why)}</span></summary>
<p>Kept ${escape(table.kept)}.</p>
<dl>${entries(table.columns)}</dl></details>`;
}

function entries(columns: Readonly<Record<string, { readonly is: string; readonly reveals: string }>>): string {
  return Object.entries(columns)
    .map(
      ([name, { is, reveals }]) =>
        `<dt>${escape(name)}</dt><dd>${escape(sentence(is))} <span>Reveals ${escape(reveals)}.</span></dd>`,
    )
    .join('');
}

function callEntry(name: (typeof ROUTE_NAMES)[number]): string {
  const { method, path, changedServerLearns } = routeNamed(name);
  return `<dt>${method} ${escape(path)}</dt><dd>${escape(sentence(changedServerLearns))}</dd>`;
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
