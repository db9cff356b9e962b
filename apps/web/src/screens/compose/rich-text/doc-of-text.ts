/** Plain text as paragraphs and quotes: what stands in the field when somebody chooses formatting. */
import type { Node } from 'prosemirror-model';
import { schema } from './schema.ts';

export function docOfText(text: string): Node {
  const lines = text.replace(/\n$/, '').split('\n');
  // An answer begins with room for it, above what is quoted.
  const room = lines.length > 1 && lines[0] === '' ? [paragraph([])] : [];
  return schema.node('doc', null, [...room, ...blocksOf(lines)]);
}

function blocksOf(lines: readonly string[]): Node[] {
  const blocks: Node[] = [];
  let run: string[] = [];
  let isQuote = false;
  const end = (): void => {
    if (run.length === 0) return;
    const quoted = run.map((line) => line.replace(/^> ?/, ''));
    blocks.push(isQuote ? schema.node('blockquote', null, blocksOf(quoted)) : paragraph(run));
    run = [];
  };
  for (const line of lines) {
    if (line.startsWith('>') !== isQuote || (line === '' && !isQuote)) end();
    isQuote = line.startsWith('>');
    if (line !== '') run.push(line);
  }
  end();
  return blocks.length === 0 ? [paragraph([])] : blocks;
}

function paragraph(lines: readonly string[]): Node {
  const content = lines.flatMap((line, at) => [
    ...(at === 0 ? [] : [schema.node('hard_break')]),
    ...(line === '' ? [] : [schema.text(line)]),
  ]);
  return schema.node('paragraph', null, content);
}
