import { join } from 'node:path';
import type { Ran, RunOptions, Sandbox } from './sandbox.ts';

/** Somebody with a profile of their own in a sandbox. */
export interface Person {
  readonly address: string;
  /** What makes a command this person's. */
  readonly env: NodeJS.ProcessEnv;
  run(args: readonly string[], options?: RunOptions): Ran;
  /** Runs, and fails the test with what was told where the exit code is not 0. */
  does(args: readonly string[], options?: RunOptions): Ran;
  json(args: readonly string[], options?: RunOptions): Record<string, unknown>;
  inbox(...options: readonly string[]): readonly Record<string, unknown>[];
}

export const password = 'a password of several words';

export function person(box: Sandbox, address: string, profile = address): Person {
  const env = { LATCHKEY_HOME: join(box.folder, `profile-${profile}`) };
  const run = (args: readonly string[], options: RunOptions = {}): Ran =>
    box.run(args, { ...options, env: { ...env, ...options.env } });
  const does = (args: readonly string[], options?: RunOptions): Ran => {
    const ran = run(args, options);
    if (ran.status !== 0) throw new Error(`latchkey ${args.join(' ')}: ${ran.status} ${ran.err}`);
    return ran;
  };
  return {
    address,
    env,
    run,
    does,
    json: (args, options) => JSON.parse(does([...args, '--json'], options).out) as Record<string, unknown>,
    // Of strangers too: most people of these tests write to each other for the first time.
    inbox: (...options) => {
      const listed = (more: readonly string[]): readonly Record<string, unknown>[] =>
        JSON.parse(does(['inbox', '--json', ...options, ...more]).out) as readonly Record<string, unknown>[];
      return options.includes('--folder') ? listed([]) : [...listed([]), ...listed(['--requests'])];
    },
  };
}

/** With `card.html` and `kit.html` of the person in the sandbox, named by the local part. */
export function registered(box: Sandbox, origin: string, address: string): Person {
  const somebody = person(box, address);
  const [name] = address.split('@');
  box.write('password', `${password}\n`);
  somebody.does([
    'register',
    address,
    '--server',
    origin,
    '--password-file',
    'password',
    '--kit-out',
    `${name}-kit.html`,
    '--card-out',
    `${name}-card.html`,
  ]);
  return somebody;
}
