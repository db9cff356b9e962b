import { constants, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { CliError } from '../errors.ts';
import { stoppedBy } from '../stoppable.ts';

const lengthLimitBytes = 4096;

/**
 * Asks on the terminal itself, whatever standard input and output are, and shows nothing of what is typed.
 * @throws CliError no_terminal, interrupted, passphrase_missing
 */
export async function askPassphrase(
  question: string,
  called: 'passphrase' | 'password' = 'passphrase',
): Promise<string> {
  let terminal: number;
  try {
    terminal = openSync('/dev/tty', constants.O_RDWR | constants.O_NOCTTY);
  } catch {
    throw new CliError('no_terminal', 'usage', {
      message: `There is no terminal to ask for the ${called} on`,
      advice: `Give it with --${called}-file or --${called}-fd`,
    });
  }
  const input = new ReadStream(terminal);
  const typed = Buffer.alloc(lengthLimitBytes);
  try {
    input.setRawMode(true);
    writeSync(terminal, question);
    const lengthBytes = await readLine(input, typed);
    const passphrase = decode(typed.subarray(0, lengthBytes));
    if (passphrase === '') {
      throw new CliError('passphrase_missing', 'usage', {
        message: `The ${called} is empty`,
        advice: 'Type one: five or more words that nobody would guess together',
      });
    }
    return passphrase;
  } finally {
    typed.fill(0);
    writeSync(terminal, '\r\n');
    input.setRawMode(false);
    await closed(input);
  }
}

/** Asked twice, because a slip while sealing would lock the file for ever. */
export async function askNewPassphrase(called: 'passphrase' | 'password' = 'passphrase'): Promise<string> {
  const first = await askPassphrase(`New ${called}: `, called);
  const second = await askPassphrase('The same again: ', called);
  if (first !== second) {
    throw new CliError('passphrase_not_repeated', 'usage', {
      message: `The two ${called}s differ`,
      advice: 'Start again; nothing was written',
    });
  }
  return first;
}

/** Fills `typed` until Enter; returns how many bytes stand in it. */
function readLine(input: ReadStream, typed: Buffer): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let length = 0;
  const take = (bytes: Buffer): void => {
    for (const byte of bytes) {
      if (byte === 0x0d || byte === 0x0a || byte === 0x04) resolve(length);
      else if (byte === 0x03) reject(stoppedBy('SIGINT'));
      else if (byte === 0x7f || byte === 0x08) length = beforeLastCharacter(typed, length);
      else if (byte === 0x15) length = 0;
      else if (byte >= 0x20 && length < typed.length) {
        typed[length] = byte;
        length += 1;
      }
      if (byte === 0x0d || byte === 0x0a || byte === 0x04 || byte === 0x03) break;
    }
    bytes.fill(0);
  };
  input.on('data', take);
  input.on('end', () => resolve(length));
  input.on('error', reject);
  return promise.finally(() => input.off('data', take).pause());
}

/** One key takes away one character, however many bytes UTF-8 gave it. */
function beforeLastCharacter(typed: Buffer, length: number): number {
  let at = length - 1;
  while (at > 0 && ((typed[at] ?? 0) & 0xc0) === 0x80) at -= 1;
  return Math.max(at, 0);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CliError('passphrase_source_malformed', 'usage', {
      message: 'What was typed is not UTF-8 text',
      advice: 'Check the encoding of your terminal',
    });
  }
}

function closed(input: ReadStream): Promise<void> {
  return new Promise((resolve) => {
    input.once('close', resolve);
    input.destroy();
  });
}
