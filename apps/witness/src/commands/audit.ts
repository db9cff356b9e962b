import { WitnessError } from '../errors.ts';
import { openAudit } from '../audit/open-audit.ts';
import { listen, serve } from '../service.ts';
import { print, printJson, type Command } from './command.ts';
import { untilStopped } from './until-stopped.ts';

const evidenceExit = 3;
const pollMs = 60_000;

export const audit: Command = {
  name: 'audit',
  operands: [],
  takes: ['logs', 'host', 'port', 'once', 'json'],
  summary: 'keep all entries of key directories, replay them, cosign what was replayed; --once: up to now, then end',
  async run({ flags: { data, logs, host, port, once, json }, version }) {
    process.umask(0o077);
    if (json && !once) throw new WitnessError('argument_invalid', 'audit takes --json with --once');
    const lines: string[] = [];
    const tell = json ? { tell: (line: string) => void lines.push(line) } : {};
    const { service, auditors, poll, more } = await openAudit({
      dataDir: data,
      role: 'auditor',
      logsFile: logs,
      ...tell,
    });
    if (once) {
      const reached = await poll();
      const evidence = service.evidence.list();
      const heads = service.cosigner.heads().map(({ origin, head }) => ({
        origin,
        size: head?.checkpoint.size ?? null,
        cosignedAt: head === null ? null : new Date(head.timeSeconds * 1_000).toISOString(),
      }));
      service.close();
      if (json) printJson({ reached, heads, evidence });
      return evidence.length > 0 ? evidenceExit : reached ? 0 : 1;
    }
    const server = serve(service, more);
    const listening = await listen(server, host, port);
    const shown = host.includes(':') ? `[${host}]` : host;
    print(
      `latchkey-witness ${version}: auditor ${service.name} on http://${shown}:${listening}/, ${auditors} directories`,
    );
    let timer: NodeJS.Timeout | null = null;
    let stopped = false;
    const again = async (): Promise<void> => {
      await poll();
      if (!stopped) timer = setTimeout(() => void again(), pollMs);
    };
    void again();
    const code = await untilStopped(server, service);
    stopped = true;
    if (timer !== null) clearTimeout(timer);
    return code;
  },
};
