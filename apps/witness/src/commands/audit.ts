import type { Command } from './command.ts';

export const audit: Command = {
  name: 'audit',
  operands: [],
  takes: ['logs', 'host', 'port', 'once', 'json'],
  summary: 'keep all entries of key directories, replay them, cosign what was replayed; --once: up to now, then end',
  // Loaded only here: a witness needs no key directory.
  run: async (input) => (await import('./run-audit.ts')).runAudit(input),
};
