/** ProseMirror over the schema, with its keys. Pasted HTML goes through the allow-list that shows mail. */
import { baseKeymap, chainCommands, lift, toggleMark, wrapIn } from 'prosemirror-commands';
import { history, redo, undo } from 'prosemirror-history';
import { keymap } from 'prosemirror-keymap';
import { DOMParser as DocParser, Slice, type Node } from 'prosemirror-model';
import { liftListItem, splitListItem, wrapInList } from 'prosemirror-schema-list';
import { EditorState, Selection, type Command } from 'prosemirror-state';
import { EditorView } from 'prosemirror-view';
import type { WindowLike } from 'dompurify';
import { cleanHtml } from '../../../mail-view/clean-html.ts';
import { docOfText } from './doc-of-text.ts';
import { schema } from './schema.ts';

export type Format = 'bold' | 'italic' | 'list' | 'numbered' | 'quote' | 'link';

const { strong, em, link } = schema.marks;
const {
  blockquote,
  bullet_list: bullets,
  ordered_list: numbers,
  list_item: item,
  hard_break: lineBreak,
} = schema.nodes;

export const COMMANDS: Readonly<Record<Exclude<Format, 'link'> | 'undo' | 'redo', Command>> = {
  bold: toggleMark(strong),
  italic: toggleMark(em),
  list: (state, dispatch) => (isIn(state, 'bullet_list') ? liftListItem(item) : wrapInList(bullets))(state, dispatch),
  numbered: (state, dispatch) =>
    (isIn(state, 'ordered_list') ? liftListItem(item) : wrapInList(numbers))(state, dispatch),
  quote: (state, dispatch) => (isIn(state, 'blockquote') ? lift : wrapIn(blockquote))(state, dispatch),
  undo,
  redo,
};

const breakLine: Command = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(lineBreak.create()).scrollIntoView());
  return true;
};

export function isIn({ selection: { $from } }: EditorState, name: string): boolean {
  for (let depth = $from.depth; depth > 0; depth -= 1) if ($from.node(depth).type.name === name) return true;
  return false;
}

/** What is switched on where the cursor stands. */
export function formatsAt(state: EditorState): ReadonlySet<Format> {
  const { from, to, empty, $from } = state.selection;
  const hasMark = (type: typeof strong): boolean =>
    empty ? type.isInSet(state.storedMarks ?? $from.marks()) !== undefined : state.doc.rangeHasMark(from, to, type);
  const all: readonly (readonly [Format, boolean])[] = [
    ['bold', hasMark(strong)],
    ['italic', hasMark(em)],
    ['link', hasMark(link)],
    ['list', isIn(state, 'bullet_list')],
    ['numbered', isIn(state, 'ordered_list')],
    ['quote', isIn(state, 'blockquote')],
  ];
  return new Set(all.flatMap(([format, isOn]) => (isOn ? [format] : [])));
}

/** Over what is selected; where nothing is, the address itself is written. Null takes links away. */
export function setLink(view: EditorView, href: string | null): void {
  const { from, to, empty } = view.state.selection;
  const { tr } = view.state;
  if (href === null) tr.removeMark(from, to, link);
  else if (empty) tr.replaceSelectionWith(schema.text(href.replace(/^mailto:/, ''), [link.create({ href })]), false);
  else tr.removeMark(from, to, link).addMark(from, to, link.create({ href }));
  view.dispatch(tr);
}

export interface Beginning {
  readonly text: string;
  /** Of a draft, as `htmlOf` wrote it; null: what stands in the text. */
  readonly html: string | null;
}

export interface EditorOptions {
  readonly place: HTMLElement;
  /** Of the frame for mail: what is pasted is parsed under its policy, not the page's. */
  readonly frame: WindowLike;
  readonly label: string;
  readonly beginning: Beginning;
  readonly onchange: (state: EditorState, isChanged: boolean) => void;
  readonly onlink: () => void;
}

export function openEditor({ place, frame, label, beginning, onchange, onlink }: EditorOptions): EditorView {
  const doc = beginning.html === null ? docOfText(beginning.text) : docOfHtml(frame, beginning.html);
  const askLink: Command = () => {
    onlink();
    return true;
  };
  const keys = keymap({
    'Mod-b': COMMANDS.bold,
    'Mod-i': COMMANDS.italic,
    'Mod-k': askLink,
    'Mod-Shift-7': COMMANDS.numbered,
    'Mod-Shift-8': COMMANDS.list,
    'Mod-Shift-9': COMMANDS.quote,
    'Mod-z': undo,
    'Mod-y': redo,
    'Mod-Shift-z': redo,
    'Shift-Enter': breakLine,
    Enter: chainCommands(splitListItem(item)),
  });
  /** @returns whether it was taken; files are the composer's */
  const take = (event: Event, data: DataTransfer | null): boolean => {
    if (data === null || data.files.length > 0) return true;
    event.preventDefault();
    const given = data.getData('text/html');
    const { content } = given === '' ? docOfText(data.getData('text/plain')) : docOfHtml(frame, given);
    view.dispatch(view.state.tr.replaceSelection(Slice.maxOpen(content)).scrollIntoView());
    return true;
  };
  const view: EditorView = new EditorView(place, {
    state: EditorState.create({
      doc,
      selection: Selection.atStart(doc),
      plugins: [history(), keys, keymap(baseKeymap)],
    }),
    attributes: { role: 'textbox', 'aria-multiline': 'true', 'aria-label': label, dir: 'auto' },
    dispatchTransaction(transaction) {
      view.updateState(view.state.apply(transaction));
      onchange(view.state, transaction.docChanged);
    },
    handleDOMEvents: {
      // ProseMirror would parse what is pasted or dropped under a policy of its own, which the page does not have.
      paste: (_view, event) => take(event, event.clipboardData),
      drop: (_view, event) => take(event, event.dataTransfer),
    },
  });
  return view;
}

function docOfHtml(frame: WindowLike, html: string): Node {
  return DocParser.fromSchema(schema).parse(cleanHtml(frame, html).fragment);
}
