/** The text alternative: what somebody reads whose program shows no HTML, and what lists and searches are made of. */
import type { Node } from 'prosemirror-model';

export function textOf(doc: Node): string {
  return `${blocks(doc).join('\n')}\n`;
}

function blocks(parent: Node): readonly string[] {
  const lines: string[] = [];
  parent.forEach((child, _offset, index) => {
    // An empty line between paragraphs; items of one list stand together.
    if (index > 0 && child.type.name !== 'list_item') lines.push('');
    lines.push(...linesOf(child, index));
  });
  return lines;
}

function linesOf(node: Node, index: number): readonly string[] {
  switch (node.type.name) {
    case 'blockquote':
      return blocks(node).map((line) => (line === '' ? '>' : line.startsWith('>') ? `>${line}` : `> ${line}`));
    case 'bullet_list':
      return items(node, () => '- ');
    case 'ordered_list':
      return items(node, (place) => `${place + 1}. `);
    case 'paragraph':
      return inlineOf(node).split('\n');
    default:
      return items(node, () => (index === 0 ? '' : ' '));
  }
}

function items(list: Node, sign: (place: number) => string): readonly string[] {
  const lines: string[] = [];
  list.forEach((item, _offset, place) => {
    const before = sign(place);
    const [first = '', ...rest] = blocks(item);
    lines.push(`${before}${first}`, ...rest.map((line) => (line === '' ? '' : `${' '.repeat(before.length)}${line}`)));
  });
  return lines;
}

function inlineOf(paragraph: Node): string {
  let text = '';
  let openLink: string | null = null;
  let words = '';
  const close = (): void => {
    // The address stands there once where it is the words too.
    if (openLink !== null) text += isSaid(openLink, words) ? words : `${words} <${openLink}>`;
    openLink = null;
    words = '';
  };
  paragraph.forEach((child) => {
    const own = child.marks.find(({ type }) => type.name === 'link')?.attrs['href'] as string | undefined;
    if ((own ?? null) !== openLink) close();
    const piece = child.isText ? (child.text ?? '') : '\n';
    if (own === undefined) text += piece;
    else {
      openLink = own;
      words += piece;
    }
  });
  close();
  return text;
}

function isSaid(href: string, words: string): boolean {
  const bare = (address: string): string => address.replace(/^(?:https?:\/\/|mailto:)/, '').replace(/\/$/, '');
  return bare(href) === bare(words.trim());
}
