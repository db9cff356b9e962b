import type { Note, NoteSignature } from './note.ts';

/**
 * The note with these lines too; a line of a key that has one already takes its place. For logs that gather
 * cosignatures: verify the lines before.
 */
export function withSignatures(note: Note, lines: readonly NoteSignature[]): Note {
  const signatures = [...note.signatures];
  for (const line of lines) {
    const place = signatures.findIndex(({ keyName, keyId }) => keyName === line.keyName && keyId === line.keyId);
    if (place === -1) signatures.push(line);
    else signatures[place] = line;
  }
  return { text: note.text, signatures };
}
