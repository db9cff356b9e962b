import { spawnSync } from 'node:child_process';

export interface EffectiveConfig {
  readonly data: string;
  readonly domain: string;
  /** Whether witnesses or auditors are configured. */
  readonly hasCosigners: boolean;
  /** Whether a web app of the operator's choice is configured. */
  readonly hasWebApp: boolean;
}

interface Setting {
  readonly name: string;
  readonly value: unknown;
}

/** As the server itself reads flags, environment and file; null where it refuses them: it then says so itself. */
export function effectiveConfig(server: string, flags: readonly string[]): EffectiveConfig | null {
  const asked = spawnSync(server, ['config', '--json', ...flags], { encoding: 'utf8' });
  if (asked.status !== 0) return null;
  const { settings } = JSON.parse(asked.stdout) as { readonly settings: readonly Setting[] };
  const valueOf = (name: string): unknown => settings.find((setting) => setting.name === name)?.value;
  const { witness = [], auditor = [] } = valueOf('keyLog') as { witness?: unknown[]; auditor?: unknown[] };
  return {
    data: String(valueOf('data')),
    domain: String(valueOf('domain')),
    hasCosigners: witness.length + auditor.length > 0,
    hasWebApp: typeof valueOf('webApp') === 'string',
  };
}
