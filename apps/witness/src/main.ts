/** The command `latchkey-witness`: for whoever watches over logs, and is not who runs them. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import type { Command, Flags } from './commands/command.ts';
import { COMMANDS, FLAGS, helpText } from './commands/index.ts';
import { WitnessError } from './errors.ts';

const { version } = manifest;
const exitFailed = 1;
const exitUsage = 2;

export async function main(args: readonly string[]): Promise<number> {
  outliveReaders();
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: FLAGS, allowPositionals: true });
    const [name = '', ...operands] = positionals;
    if (values.help === true || (name === '' && values.version !== true)) {
      process.stdout.write(helpText());
      return values.help === true ? 0 : exitUsage;
    }
    if (values.version === true) {
      process.stdout.write(`${version}\n`);
      return 0;
    }
    const command = COMMANDS.find((each) => each.name === name);
    if (command === undefined || operands.length !== command.operands.length) {
      throw new WitnessError('argument_invalid', 'see latchkey-witness --help');
    }
    const { help: _help, version: _version, ...given } = values;
    requireTaken(command, Object.keys(given));
    return await command.run({ flags: readFlags(given, command), operands, version });
  } catch (error) {
    const told = tellable(error);
    if (told === null) throw error;
    process.stderr.write(`latchkey-witness: ${told.message} [${told.code}]\n`);
    return told.code === 'argument_invalid' ? exitUsage : exitFailed;
  }
}

/** Whoever reads along may go away (`run | head`): a witness goes on for years all the same. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** A flag that a command does not take is a mistake, not something to pass over. @throws WitnessError `argument_invalid` */
function requireTaken({ name, takes }: Command, given: readonly string[]): void {
  const refused = given.find((flag) => flag !== 'data' && !takes.some((taken) => taken === flag));
  if (refused !== undefined) throw new WitnessError('argument_invalid', `${name} does not take --${refused}`);
}

type Given = Readonly<Partial<Record<keyof Flags, string | boolean>>>;

/** @throws WitnessError `argument_invalid` */
function readFlags(given: Given, { name }: Command): Flags {
  const text = (flag: keyof Flags): string | null => {
    const value = given[flag];
    if (value === '') throw new WitnessError('argument_invalid', `--${flag} is empty`);
    return typeof value === 'string' ? value : null;
  };
  const port = text('port') ?? (name === 'audit' ? '7712' : '7711');
  const role = text('role') ?? 'witness';
  if (!/^(0|[1-9][0-9]{0,4})$/.test(port) || Number(port) > 65_535) {
    throw new WitnessError('argument_invalid', '--port is a number from 0 to 65535');
  }
  if (role !== 'witness' && role !== 'auditor') {
    throw new WitnessError('argument_invalid', '--role is witness or auditor');
  }
  return {
    data: text('data') ?? join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local/share'), 'latchkey-witness'),
    logs: text('logs'),
    host: text('host') ?? '127.0.0.1',
    port: Number(port),
    role,
    once: given.once === true,
    json: given.json === true,
  };
}

/** What a person can do something about; all else is a fault, and ends with its stack. */
function tellable(error: unknown): { readonly message: string; readonly code: string } | null {
  if (error instanceof WitnessError) return error;
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    return { message: error.message, code: 'argument_invalid' };
  }
  return null;
}
