/**
 * A server in a process of its own, for the tests that kill it. Arguments: data folder, the settings of the key log as
 * JSON, and a port where it is not any. Told `{atWrite, when}` it kills itself before or after the write of that number from then on.
 */
import type { KeyLogConfig } from '../src/config/config.ts';
import { startWriterThread, type Writer } from '../src/store/writer.ts';
import { startTestServer } from '../src/testing/index.ts';

const [data = '', keyLog = '', port = '0'] = process.argv.slice(2);
/** What makes an account, and each step of the key log after it. */
const counted: ReadonlySet<string> = new Set(['createAccount', 'addStatement', 'growLog', 'publishHead']);

let left = Number.POSITIVE_INFINITY;
let when: 'before' | 'after' = 'before';
process.on('message', (told: { atWrite: number; when: 'before' | 'after' }) => {
  left = told.atWrite;
  when = told.when;
});

function dyingWriter(file: string): Writer {
  const writer = startWriterThread({ file, died: () => undefined });
  return {
    ...writer,
    async run(name, input, nowMs) {
      if (counted.has(name)) left -= 1;
      const isLast = left === 0 && counted.has(name);
      if (isLast && when === 'before') process.kill(process.pid, 'SIGKILL');
      const outcome = await writer.run(name, input, nowMs);
      if (isLast && when === 'after') process.kill(process.pid, 'SIGKILL');
      return outcome;
    },
  };
}

const server = await startTestServer({
  data,
  config: {
    origin: 'http://kill.test',
    port: Number(port),
    ...(keyLog === '' ? {} : { keyLog: JSON.parse(keyLog) as KeyLogConfig }),
  },
  writer: dyingWriter,
});
process.send?.(server.port);
