import { listen, openService, serve } from '../service.ts';
import { print, type Command } from './command.ts';
import { untilStopped } from './until-stopped.ts';

export const run: Command = {
  name: 'run',
  operands: [],
  takes: ['logs', 'host', 'port'],
  summary: 'cosign what only grows, until told to stop',
  async run({ flags: { data, logs, host, port }, version }) {
    process.umask(0o077);
    const service = openService({ dataDir: data, role: 'witness', logsFile: logs });
    const server = serve(service);
    const listening = await listen(server, host, port);
    const shown = host.includes(':') ? `[${host}]` : host;
    print(`latchkey-witness ${version}: ${service.name} on http://${shown}:${listening}/, ${service.logs.length} logs`);
    return untilStopped(server);
  },
};
