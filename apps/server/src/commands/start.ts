import type { Command } from './command.ts';

export const start: Command = {
  name: 'start',
  operands: [],
  summary: 'run the server until it is told to stop',
  // Loaded only here: the other commands need no router, no threads and no login protocol.
  run: async (input) => (await import('./run-server.ts')).runServer(input),
};
