import { createHash } from 'node:crypto';
import type { Bundle } from './bundle.ts';

/** The name under which the page collects what went wrong in it. */
export const problemsName = 'latchkeyTestProblems';

/** Runs before everything else of a page, as text: a driver puts it there, or the page's shell. */
export const watchSource: string = `
const problems = [];
globalThis.${problemsName} = problems;
addEventListener('securitypolicyviolation', (event) => {
  problems.push('policy ' + event.effectiveDirective + ' broken by ' + (event.blockedURI || 'inline') + ' ' + event.sample);
});
addEventListener('error', (event) => {
  problems.push(event.target === globalThis ? 'error ' + event.message : 'not loaded: ' + (event.target.src || event.target.href));
}, true);
addEventListener('unhandledrejection', (event) => problems.push('unhandled rejection ' + event.reason));
`;

/**
 * The script that runs before the page's own. Not every browser reports broken policies to its driver,
 * so the page collects them itself.
 */
export const watchScript: Bundle = {
  bytes: new TextEncoder().encode(watchSource),
  integrity: `sha384-${createHash('sha384').update(watchSource).digest('base64')}`,
};

/** The document: two scripts, both with their hashes, as Integrity-Policy asks. */
export function shellDocument(pageIntegrity: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Latchkey test page</title>
<script src="/watch.js" integrity="${watchScript.integrity}" crossorigin="anonymous"></script>
<script type="module" src="/page.js" integrity="${pageIntegrity}" crossorigin="anonymous"></script>
</html>
`;
}
