/** HTML of a stranger → a fragment without anything that runs, loads, submits or reaches out of its frame. */
import newPurifier, { type Config, type DOMPurify, type WindowLike } from 'dompurify';

/** Only DOMPurify gets it, for the document without a window in which it parses. */
interface Policies {
  createPolicy(
    name: string,
    rules: { createHTML(html: string): string; createScriptURL(url: string): string },
  ): NonNullable<Config['TRUSTED_TYPES_POLICY']>;
}

const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
const policy = policies?.createPolicy('latchkey-mail', {
  createHTML: (html) => html,
  createScriptURL() {
    throw new TypeError('mail has no scripts');
  },
});

const FORBIDDEN_TAGS = [
  'audio',
  'base',
  'button',
  'canvas',
  'dialog',
  'embed',
  'form',
  'frame',
  'frameset',
  'iframe',
  'input',
  'link',
  'map',
  'math',
  'meta',
  'noscript',
  'object',
  'option',
  'picture',
  'portal',
  'script',
  'select',
  'slot',
  'source',
  'svg',
  'template',
  'textarea',
  'title',
  'track',
  'video',
];
/** What loads, submits, or names things of the page. */
const FORBIDDEN_ATTRIBUTES = [
  'action',
  'background',
  'cite',
  'contenteditable',
  'data',
  'draggable',
  'form',
  'formaction',
  'id',
  'lowsrc',
  'longdesc',
  'name',
  'ping',
  'popover',
  'popovertarget',
  'poster',
  'slot',
  'srcset',
  'tabindex',
  'target',
  'usemap',
];
const LINK = /^(?:https?:|mailto:)/i;
const INLINE_IMAGE = /^(?:data:image\/(?:png|jpeg|gif|webp|avif);base64,|blob:)/i;
/** Styles that would fetch; a backslash could spell one, and no honest style needs it. */
const FETCHING_STYLE = /url|image|@|\\|expression|src|binding/i;

const config: Config & { readonly RETURN_DOM_FRAGMENT: true } = {
  RETURN_DOM_FRAGMENT: true,
  USE_PROFILES: { html: true },
  FORBID_TAGS: FORBIDDEN_TAGS,
  FORBID_ATTR: FORBIDDEN_ATTRIBUTES,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|cid:|data:image\/|blob:)/i,
  ...(policy === undefined ? {} : { TRUSTED_TYPES_POLICY: policy }),
};

function isSafeStyle(style: string): boolean {
  return style.length < 4000 && !FETCHING_STYLE.test(style);
}

/**
 * A cleaner that parses in the frame: its policy is the one for mail, so that what a stranger wrote is judged by that,
 * and not a byte of it by the policy of the app.
 */
function purifierOf(frame: WindowLike): DOMPurify {
  const purifier = newPurifier(frame);
  purifier.addHook('afterSanitizeAttributes', cleanAttributes);
  // A sheet cannot be judged as a line of style can: rules that fetch hide in too many ways.
  purifier.addHook('uponSanitizeElement', (node, { tagName }) => {
    if (tagName === 'style' && FETCHING_STYLE.test((node.textContent ?? '').replaceAll(/@media/gi, ''))) {
      node.textContent = '';
    }
  });
  return purifier;
}

function cleanAttributes(element: Element): void {
  const { tagName } = element;
  if (element.hasAttribute('style') && !isSafeStyle(element.getAttribute('style') ?? ''))
    element.removeAttribute('style');
  if (tagName !== 'A' || !LINK.test(element.getAttribute('href') ?? '')) element.removeAttribute('href');
  if (tagName === 'IMG' && !INLINE_IMAGE.test(element.getAttribute('src') ?? '')) {
    // What it was stays readable; where it lay does not matter, since it is never fetched.
    element.replaceWith(element.ownerDocument.createTextNode(element.getAttribute('alt') ?? ''));
  }
}

export interface CleanHtml {
  readonly fragment: DocumentFragment;
  /** Something was taken out that would have been fetched from elsewhere. */
  readonly hadRemote: boolean;
}

const REMOTE = /(?:src|srcset|background|poster)\s*=\s*["']?\s*(?:https?:)?\/\/|url\(\s*["']?\s*(?:https?:)?\/\//i;

/**
 * @param frame window of the frame that is to show it
 * @param inline addresses of pictures that came with the message, by content id
 */
export function cleanHtml(frame: WindowLike, html: string, inline: ReadonlyMap<string, string> = new Map()): CleanHtml {
  const shown = html.replaceAll(/(["'])cid:([^"'<>\s]{1,200})\1/gi, (whole, quote: string, id: string) => {
    const address = inline.get(id);
    return address === undefined ? whole : `${quote}${address}${quote}`;
  });
  return { fragment: purifierOf(frame).sanitize(shown, config), hadRemote: REMOTE.test(html) };
}
