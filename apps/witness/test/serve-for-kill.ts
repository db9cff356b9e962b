/** A witness in a process of its own that kills itself at a named step of a write, for the test that needs it. */
import { listen, openService, serve } from '../src/service.ts';

const [dataDir = '', step = '', after = '1'] = process.argv.slice(2);
let left = Number(after);
const service = openService({
  dataDir,
  role: 'witness',
  logsFile: null,
  atWriteStep(at) {
    if (at !== step) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  },
});
const port = await listen(serve(service), '127.0.0.1', 0);
process.stdout.write(`on http://127.0.0.1:${port}/\n`);
