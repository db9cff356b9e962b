/** The command `latchkey-server`: the operator's. Whoever has the data folder is the operator. */
import { parseArgs } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import type { Command } from './commands/command.ts';
import { COMMANDS, FLAGS, helpText } from './commands/index.ts';
import { readConfig } from './config/read-config.ts';
import { ServerError } from './errors.ts';

const { version } = manifest;
const exitUsage = 2;
const exitFailed = 1;

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
      process.stderr.write(`latchkey-server: see latchkey-server --help [argument_invalid]\n`);
      return exitUsage;
    }
    const { config: file = null, help: _help, version: _version, ...rest } = values;
    const { out = null, arrivals = null, secrets = null, json = false, ...flags } = rest;
    requireTaken(command, { out, arrivals, secrets, json });
    const read = readConfig({ flags: camelCased(flags), env: process.env, file });
    return await command.run({ read, operands, out, arrivals, secrets, json, version });
  } catch (error) {
    if (error instanceof ServerError) {
      process.stderr.write(`latchkey-server: ${error.message} [${error.code}]\n`);
      return error.code === 'argument_invalid' ? exitUsage : exitFailed;
    }
    if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
      process.stderr.write(`latchkey-server: ${error.message} [argument_invalid]\n`);
      return exitUsage;
    }
    throw error;
  }
}

/** Whoever reads along may go away before the end (`inventory | head`): nothing here fails for that. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** A flag that a command does not take is a mistake, not something to pass over. @throws ServerError `argument_invalid` */
function requireTaken(
  { name, takes = [], givesJson }: Command,
  given: {
    readonly out: string | null;
    readonly arrivals: string | null;
    readonly secrets: string | null;
    readonly json: boolean;
  },
): void {
  const refused = [
    given.out !== null && !takes.includes('out') ? '--out' : '',
    given.arrivals !== null && !takes.includes('arrivals') ? '--arrivals' : '',
    given.secrets !== null && !takes.includes('secrets') ? '--secrets' : '',
    given.json && givesJson !== true ? '--json' : '',
  ].find((flag) => flag !== '');
  if (refused !== undefined) throw new ServerError('argument_invalid', `${name} does not take ${refused}`);
}

function camelCased(flags: Readonly<Record<string, string | boolean | undefined>>): Record<string, string | boolean> {
  return Object.fromEntries(
    Object.entries(flags)
      .filter((flag): flag is [string, string | boolean] => flag[1] !== undefined)
      .map(([name, value]) => [
        name.replaceAll(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase()),
        value === true ? 'true' : value,
      ]),
  );
}
