/**
 * The command, from its arguments to its exit code: parse → load the one command that is meant → run → tell.
 * Only what every run needs is imported at the top: start-up is a promise (bench/start).
 */
import { parseCommandLine, type CommandLine } from './command-line/parse-command-line.ts';
import { exitCode } from './exit-codes.ts';
import { makeReporter, type Reporter } from './reporter.ts';
import { version } from './version.ts';

export async function main(argv: readonly string[]): Promise<number> {
  // Before parsing, so that a refused command line is told in the form that was asked for.
  let report = makeReporter({ json: argv.includes('--json'), quiet: false });
  try {
    const line = parseCommandLine(argv);
    report = makeReporter({ json: line.options.has('json'), quiet: line.options.has('quiet') });
    return await run(line, report);
  } catch (error) {
    const { explainError } = await import('./explain-error.ts');
    const explained = explainError(error);
    report.fail(explained);
    if (process.env['LATCHKEY_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
    return explained.exitCode;
  }
}

async function run(line: CommandLine, report: Reporter): Promise<number> {
  const { command, options, operands } = line;
  if (options.has('version')) {
    report.answer({ facts: { version: version() }, text: `latchkey ${version()}\n` });
    return exitCode('ok');
  }
  if (command === undefined || options.has('help')) {
    const { formatHelp, formatOverview } = await import('./command-line/help-text.ts');
    const text = command === undefined ? formatOverview() : formatHelp(command);
    if (command === undefined && !options.has('help')) {
      process.stderr.write(text);
      return exitCode('usage');
    }
    report.answer({ facts: { help: text }, text });
    return exitCode('ok');
  }
  const execute = await command.load();
  await execute({
    command,
    operand: operands[0],
    operands,
    report,
    has: (option) => options.has(option),
    value: (option) => options.get(option)?.at(-1),
    values: (option) => options.get(option) ?? [],
  });
  return exitCode('ok');
}
