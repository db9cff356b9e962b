import { WitnessError } from '../errors.ts';
import { openAudit, type Audit } from '../audit/open-audit.ts';
import { listen, serve } from '../service.ts';
import { print, printJson, type CommandInput } from './command.ts';
import { untilStopped } from './until-stopped.ts';

const evidenceExit = 3;
const pollMs = 60_000;

export async function runAudit({ flags, version }: CommandInput): Promise<number> {
  const { data, logs, host, port, once, json } = flags;
  process.umask(0o077);
  if (json && !once) throw new WitnessError('argument_invalid', 'audit takes --json with --once');
  const tell = json ? { tell: () => {} } : {};
  const audit = await openAudit({ dataDir: data, role: 'auditor', logsFile: logs, ...tell });
  if (once) return auditOnce(audit, json);

  const { service, auditors, more } = audit;
  const server = serve(service, more);
  const listening = await listen(server, host, port);
  const shown = host.includes(':') ? `[${host}]` : host;
  print(
    `latchkey-witness ${version}: auditor ${service.name} on http://${shown}:${listening}/, ${auditors} directories`,
  );
  void keepLooking(audit);
  return untilStopped(server);
}

async function auditOnce({ service, poll }: Audit, json: boolean): Promise<number> {
  const reached = await poll();
  const evidence = service.evidence.list();
  const heads = service.cosigner.heads().map(({ origin, head }) => ({
    origin,
    size: head?.checkpoint.size ?? null,
    cosignedAt: head === null ? null : new Date(head.timeSeconds * 1_000).toISOString(),
  }));
  service.close();
  if (json) printJson({ reached, heads, evidence });
  if (evidence.length > 0) return evidenceExit;
  return reached ? 0 : 1;
}

/** Ends with the process. A full disk or the like is told, and perhaps over the next time. */
async function keepLooking({ service, poll }: Audit): Promise<never> {
  for (;;) {
    try {
      await poll();
    } catch (error) {
      service.tell(`failed: ${error instanceof Error ? `${error.name}: ${error.message}` : 'unknown'}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
