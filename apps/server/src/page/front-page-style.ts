/** Served at `/style.css`: the page has no style of its own within, so that the policy can forbid it. */
export const frontPageStyle = `:root {
  color-scheme: light dark;
  --ground: light-dark(#fdfcfa, #16181a);
  --ink: light-dark(#1d2125, #e6e4e0);
  --quiet: light-dark(#575d63, #a7adb3);
  --line: light-dark(#d9d5cd, #34383c);
  --raised: light-dark(#f3f0ea, #1f2326);
  --link: light-dark(#0b5f5a, #6fd0c6);
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { background: var(--ground); color: var(--ink); font: 1.0625rem/1.6 system-ui, sans-serif; margin: 0; }
main, footer { margin: 0 auto; max-width: 46rem; padding: 0 1.25rem; }
main { padding-top: clamp(1.5rem, 6vw, 4rem); }
h1 { font-size: clamp(1.6rem, 5vw, 2.25rem); letter-spacing: -0.01em; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 0.75rem; }
h3 { font-size: 1rem; margin: 0; }
p { margin: 0 0 1rem; }
.lead { color: var(--quiet); font-size: 1.2rem; margin: 0.25rem 0 1.5rem; }
section { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 2rem; scroll-margin-top: 0; }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; }
nav a { padding: 0.35rem 0; }
a { color: var(--link); text-underline-offset: 0.15em; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 3px; border-radius: 2px; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.9em; }
pre { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; margin: 0 0 1rem; overflow-x: auto; padding: 0.75rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.key { font-size: 0.8rem; }
.sides { display: grid; gap: 1rem 2rem; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); }
ul { margin: 0.5rem 0 1rem; padding-left: 1.15rem; }
li { margin: 0.25rem 0; }
details { border-top: 1px solid var(--line); }
details:last-of-type { border-bottom: 1px solid var(--line); }
summary { cursor: pointer; padding: 0.6rem 0; }
summary h3 { display: inline; font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-weight: 600; }
summary span { color: var(--quiet); margin-left: 0.75rem; }
details > p { color: var(--quiet); margin: 0 0 0.5rem 1.15rem; }
dl { margin: 0 0 1.25rem 1.15rem; }
dt { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.9rem; margin-top: 0.75rem; overflow-wrap: anywhere; }
dd { margin: 0; }
dd span { color: var(--quiet); }
footer { color: var(--quiet); font-size: 0.9rem; padding-bottom: 2rem; padding-top: 2.5rem; }
@media print { details > * { display: block; } nav { display: none; } }
`;
