/** HTML that goes along with the message. Made letter by letter: nothing gets in that is not written here. */
import type { Mark, Node } from 'prosemirror-model';

const BLOCKS: Readonly<Record<string, string>> = {
  paragraph: 'p',
  blockquote: 'blockquote',
  bullet_list: 'ul',
  ordered_list: 'ol',
  list_item: 'li',
};
const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A paragraph a line, so that the source is readable. */
export function htmlOf(doc: Node): string {
  return children(doc, blockOf);
}

function children(parent: Node, of: (node: Node) => string): string {
  let html = '';
  parent.forEach((child) => {
    html += of(child);
  });
  return html;
}

function blockOf(node: Node): string {
  const tag = BLOCKS[node.type.name];
  if (tag === undefined) throw new RangeError(`a message has no ${node.type.name}`);
  if (tag !== 'p') return `<${tag}>\n${children(node, blockOf)}</${tag}>\n`;
  // An empty one would be shown without height.
  return `<p>${node.childCount === 0 ? '<br>' : children(node, inlineOf)}</p>\n`;
}

function inlineOf(node: Node): string {
  if (node.type.name === 'hard_break') return '<br>\n';
  return node.marks.reduceRight(wrap, escapeHtml(node.text ?? ''));
}

function wrap(inner: string, { type, attrs }: Mark): string {
  if (type.name === 'link') return `<a href="${escapeHtml(String(attrs['href']))}">${inner}</a>`;
  const tag = type.name === 'strong' ? 'strong' : 'em';
  return `<${tag}>${inner}</${tag}>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (letter) => ESCAPED[letter] ?? letter);
}
