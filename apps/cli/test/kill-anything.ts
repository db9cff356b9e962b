/**
 * Real clients at a real server, one of which is killed with SIGKILL at a random moment of whatever it does, while others
 * write letters. What was acknowledged is there, once; the same command again ends what was begun; `check` finds nothing.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { person, password, registered, type Person } from './person.ts';
import { bin, type Sandbox } from './sandbox.ts';

const operator = join(import.meta.dirname, '../../server/bin/latchkey-server');
export const DEEDS = ['send', 'file', 'password', 'lost', 'delete', 'trash', 'login'] as const;
export type Deed = (typeof DEEDS)[number];
export type Victim = 'client' | 'server';

export interface Killer {
  /** @returns whether something was killed before it was done */
  round(deed: Deed, victim: Victim): Promise<boolean>;
  stop(): Promise<void>;
}

/** What a command may say when its server died under it, or when it is the second to do a thing. */
const CUT = /\[(server_unreachable|storage_failed|session_invalid|lock_out_unfinished|account_rekeyed|outbox_waits)\]/;

/** @param senders how many others write to bob all the time */
export async function startKiller(box: Sandbox, senders: number): Promise<Killer> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const data = join(box.folder, 'data');
  let server = await serve();
  const alice = registered(box, origin, 'alice@localhost');
  const bob = registered(box, origin, 'bob@localhost');
  const carols = Array.from({ length: senders }, (_, number) => registered(box, origin, `carol-${number}@localhost`));
  const laptop = person(box, alice.address, 'laptop');
  box.write('old.password', `${password}\n`);
  box.write('alice.password', `${password}\n`);
  box.write('attached', Buffer.alloc(3_000_000, 'a part of a large file '));
  bob.does(['accept', alice.address]);
  let [rounds, cards] = [0, 0];
  let card = 'alice-card.html';

  async function serve(): Promise<ChildProcess> {
    const args = ['start', '--data', data, '--port', String(port), '--log-level', 'silent', '--new-account-days', '0'];
    const child = spawn(operator, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await Promise.race([
      once(child.stdout, 'data'),
      once(child, 'exit').then(() => assert.fail('the server does not start')),
    ]);
    child.stdout.resume();
    return child;
  }

  /** Runs it, and somebody dies on the way; then once more, until it says that it is done. */
  async function killed(who: Person, args: readonly string[], victim: Victim, mayRefuse?: RegExp): Promise<boolean> {
    const child = spawn(join(bin, 'latchkey'), args, {
      cwd: box.folder,
      env: { ...box.env, ...who.env },
      stdio: 'pipe',
    });
    child.stdin.end('a letter\n');
    child.stdout.resume();
    let told = '';
    child.stderr.on('data', (piece: Buffer) => (told += String(piece)));
    const ended = once(child, 'exit');
    // Commands take from a quarter of a second to two.
    const isFirst = await Promise.race([
      ended.then(() => false),
      new Promise<true>((resolve) => setTimeout(resolve, 100 + Math.random() * 1_400, true)),
    ]);
    if (isFirst) (victim === 'client' ? child : server).kill('SIGKILL');
    const [status] = (await ended) as [number | null];
    if (isFirst && victim === 'server') {
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
      server = await serve();
      assert.ok(status === 0 || CUT.test(told) || mayRefuse?.test(told) === true, told);
    } else assert.ok(isFirst || status === 0, told);
    return isFirst && status !== 0;
  }

  /** @returns what it told in the end */
  function again(who: Person, args: readonly string[], alsoDone?: RegExp): string {
    let told = '';
    for (let tries = 0; tries < 4; tries++) {
      const { status, err } = who.run(args, { input: 'a letter\n' });
      if (status === 0 || alsoDone?.test(err) === true) return err;
      told = err;
    }
    return assert.fail(`latchkey ${args.join(' ')} does not go on: ${told}`);
  }

  const deeds: Readonly<Record<Deed, (victim: Victim, subject: string) => Promise<boolean>>> = {
    async send(victim, subject) {
      const args = ['send', '--to', bob.address, '--subject', subject, '--attach', 'attached'];
      const was = await killed(alice, args, victim);
      alice.run(['outbox']);
      // What did not come so far as the outbox was never acknowledged: it is written again.
      if (count(bob, subject) === 0) again(alice, args);
      alice.does(['outbox']);
      assert.equal(count(bob, subject), 1, 'a letter came twice, or never');
      return was;
    },
    async file(victim, subject) {
      for (let each = 0; each < 5; each++) {
        alice.does(['send', '--to', bob.address, '--subject', subject], { input: `${each}\n` });
      }
      const was = await killed(bob, ['inbox'], victim);
      assert.equal(count(bob, subject), 5);
      return was;
    },
    async password(victim) {
      const next = `another password of words, ${rounds}`;
      box.write('new.password', `${next}\n`);
      const args = ['password', '--password-file', 'new.password'];
      const was = await killed(alice, args, victim);
      again(alice, args);
      box.write('alice.password', `${next}\n`);
      alice.does(['lock']);
      alice.does(['unlock', '--password-file', 'alice.password']);
      return was;
    },
    async lost(victim, subject) {
      signIn(`lost-${rounds}`);
      cards += 1;
      const what = ['sessions', 'remove', `lost-${rounds}`, '--lost', '--password-file', 'alice.password'];
      const papers = (name: string): readonly string[] => ['--kit-out', `kit-${name}`, '--card-out', `card-${name}`];
      const [name, otherName] = [`${cards}.html`, `${cards}-again.html`];
      const was = await killed(alice, [...what, ...papers(name)], victim);
      const told = again(alice, [...what, ...papers(name)], /\[(session_not_found|output_exists)\]/);
      card = `card-${name}`;
      if (told.includes('[output_exists]')) {
        // Cut in the middle of a sheet, or after its last step: other names, as it says.
        const end = again(alice, [...what, ...papers(otherName)], /\[session_not_found\]/);
        if (!end.includes('[session_not_found]')) card = `card-${otherName}`;
      }
      // The lost one is out, and everything goes on for the owner.
      assert.notEqual(laptop.run(['inbox']).status, 0);
      laptop.run(['logout']);
      alice.does(['send', '--to', bob.address, '--subject', subject], { input: 'after it\n' });
      assert.equal(count(bob, subject), 1);
      return was;
    },
    async delete(victim) {
      const was = await killed(alice, ['account', 'close'], victim);
      again(alice, ['account', 'close']);
      again(alice, ['account', 'keep']);
      assert.equal(alice.run(['account', 'keep']).status, 0);
      return was;
    },
    async trash(victim, subject) {
      alice.does(['send', '--to', bob.address, '--subject', subject, '--attach', 'attached'], { input: 'x\n' });
      bob.does(['mark', idOf(bob, subject), '--trash']);
      const was = await killed(bob, ['empty-trash', '--yes'], victim);
      again(bob, ['empty-trash', '--yes']);
      assert.equal(count(bob, subject), 0);
      return was;
    },
    async login(victim) {
      const args = ['login', alice.address, '--card', card, '--password-file', 'alice.password', '--device', 'laptop'];
      const was = await killed(laptop, args, victim);
      again(laptop, args, /\[profile_exists\]/);
      laptop.does(['inbox']);
      laptop.does(['logout']);
      return was;
    },
  };

  /** Somebody who writes letter after letter, whatever happens to the server. */
  function startLoad(): { stop(): Promise<void> } {
    const children = carols.map((carol) => {
      const line = `while :; do echo x | latchkey send --to ${bob.address} --subject load >/dev/null 2>&1; done`;
      return spawn('sh', ['-c', line], { cwd: box.folder, env: { ...box.env, ...carol.env }, detached: true });
    });
    return {
      async stop() {
        for (const { pid } of children) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
        await Promise.all(children.map((child) => once(child, 'close')));
      },
    };
  }

  function signIn(device: string): void {
    laptop.run(['logout']);
    laptop.does(['login', alice.address, '--card', card, '--password-file', 'alice.password', '--device', device]);
  }

  return {
    async round(deed, victim) {
      rounds += 1;
      const load = startLoad();
      let was: boolean;
      try {
        was = await deeds[deed](victim, `${deed} ${rounds}`);
      } finally {
        await load.stop();
      }
      const checked = spawnSync(operator, ['check', '--data', data], { encoding: 'utf8' });
      assert.equal(checked.status, 0, checked.stdout + checked.stderr);
      return was;
    },
    async stop() {
      server.kill('SIGKILL');
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
    },
  };
}

function count(who: Person, subject: string): number {
  return who.inbox('--folder', 'all').filter((row) => row['subject'] === subject).length;
}

function idOf(who: Person, subject: string): string {
  return String(who.inbox('--folder', 'all').find((row) => row['subject'] === subject)?.['id']);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
