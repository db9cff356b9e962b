/** What a written message can be made of: no more than every mail program shows. */
import { Schema } from 'prosemirror-model';

const block = { content: 'block+', group: 'block', defining: true } as const;

type NodeName =
  'doc' | 'paragraph' | 'blockquote' | 'bullet_list' | 'ordered_list' | 'list_item' | 'hard_break' | 'text';
type MarkName = 'link' | 'strong' | 'em';

export const schema: Schema<NodeName, MarkName> = new Schema<NodeName, MarkName>({
  nodes: {
    doc: { content: 'block+' },
    paragraph: { content: 'inline*', group: 'block', parseDOM: [{ tag: 'p' }], toDOM: () => ['p', 0] },
    blockquote: { ...block, parseDOM: [{ tag: 'blockquote' }], toDOM: () => ['blockquote', 0] },
    bullet_list: {
      content: 'list_item+',
      group: 'block',
      parseDOM: [{ tag: 'ul' }],
      toDOM: () => ['ul', 0],
    },
    ordered_list: {
      content: 'list_item+',
      group: 'block',
      parseDOM: [{ tag: 'ol' }],
      toDOM: () => ['ol', 0],
    },
    list_item: { content: 'paragraph block*', defining: true, parseDOM: [{ tag: 'li' }], toDOM: () => ['li', 0] },
    hard_break: {
      inline: true,
      group: 'inline',
      selectable: false,
      linebreakReplacement: true,
      parseDOM: [{ tag: 'br' }],
      toDOM: () => ['br'],
    },
    text: { group: 'inline' },
  },
  marks: {
    link: {
      attrs: { href: { validate: 'string' } },
      inclusive: false,
      parseDOM: [
        {
          tag: 'a[href]',
          getAttrs: (element) => {
            const href = linkOf(element.getAttribute('href') ?? '');
            return href === null ? false : { href };
          },
        },
      ],
      toDOM: ({ attrs }) => ['a', { href: String(attrs['href']) }, 0],
    },
    strong: { parseDOM: [{ tag: 'strong' }, { tag: 'b' }], toDOM: () => ['strong', 0] },
    em: { parseDOM: [{ tag: 'em' }, { tag: 'i' }], toDOM: () => ['em', 0] },
  },
});

/** What a person typed, as an address that a reader's program will follow; null where it is none. */
export function linkOf(typed: string): string | null {
  const trimmed = typed.trim();
  const isAddress = /^[^\s/:@]+@[^\s/:@]+$/.test(trimmed);
  const whole = /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(trimmed)
    ? trimmed
    : `${isAddress ? 'mailto:' : 'https://'}${trimmed}`;
  if (trimmed === '' || !URL.canParse(whole)) return null;
  const { protocol, href } = new URL(whole);
  return ['https:', 'http:', 'mailto:'].includes(protocol) ? href : null;
}
