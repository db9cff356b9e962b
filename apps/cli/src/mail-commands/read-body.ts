import { CliError } from '../errors.ts';

const limitBytes = 16 * 1024 * 1024;

/** The body on standard input, as UTF-8 text. @throws CliError file_not_text, arguments_wrong */
export async function readBody(): Promise<string> {
  const pieces: Buffer[] = [];
  let lengthBytes = 0;
  for await (const piece of process.stdin as AsyncIterable<Buffer>) {
    lengthBytes += piece.length;
    if (lengthBytes > limitBytes) {
      throw new CliError('file_not_text', 'usage', {
        message: 'The body is larger than 16 MiB',
        advice: 'Attach it as a file with --attach',
      });
    }
    pieces.push(piece);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces));
  } catch {
    throw new CliError('file_not_text', 'usage', {
      message: 'The body is not UTF-8 text',
      advice: 'Attach it as a file with --attach',
    });
  }
}
