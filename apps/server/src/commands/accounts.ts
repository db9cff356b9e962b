import { canonicalAddress } from '@latchkey/protocol';
import { ServerError } from '../errors.ts';
import type { AccountState } from '../store/schema.ts';
import { print, type Command } from './command.ts';
import { withData } from './open-data.ts';

export const accounts: Command = {
  name: 'accounts',
  operands: [],
  summary: 'list the accounts, their state and what they use',
  run: ({ read }) =>
    withData(read.config.data, async ({ db }) => {
      const rows = await db
        .selectFrom('account')
        .select(['address', 'state', 'used_bytes', 'quota_bytes', 'arrivals_here'])
        .orderBy('address')
        .execute();
      for (const row of rows) {
        print(
          `${row.address}\t${row.state}\t${row.used_bytes}/${row.quota_bytes} bytes\t${row.arrivals_here} arrivals`,
        );
      }
      return 0;
    }),
};

export const quota: Command = {
  name: 'quota',
  operands: ['ADDRESS', 'BYTES'],
  summary: 'set how many bytes an account may use',
  run: ({ read, operands }) =>
    withData(read.config.data, async ({ write }) => {
      const [typed = '', bytesText = ''] = operands;
      if (!/^[0-9]{1,15}$/.test(bytesText)) throw new ServerError('argument_invalid', 'BYTES is a whole number');
      const address = typedAddress(typed);
      const changed = await write('setQuota', { address, quotaBytes: Number(bytesText), quotaArrivals: null });
      if (!changed) throw unknown(address);
      print(`${address}: ${bytesText} bytes`);
      return 0;
    }),
};

export const suspend: Command = stateCommand({
  name: 'suspend',
  summary: 'refuse an account’s calls and mail; nothing is removed',
  from: 'open',
  to: 'suspended',
});
export const resume: Command = stateCommand({
  name: 'resume',
  summary: 'take a suspension back',
  from: 'suspended',
  to: 'open',
});
export const close: Command = stateCommand({
  name: 'close',
  summary: 'close an account; it is removed after seven days',
  from: 'open',
  to: 'closing',
});

function stateCommand(row: {
  readonly name: string;
  readonly summary: string;
  readonly from: AccountState;
  readonly to: AccountState;
}): Command {
  return {
    name: row.name,
    operands: ['ADDRESS'],
    summary: row.summary,
    run: ({ read, operands }) =>
      withData(read.config.data, async ({ write }) => {
        const address = typedAddress(operands[0] ?? '');
        if (!(await write('setState', { address, from: row.from, to: row.to }))) {
          throw new ServerError('account_unknown', `there is no account ${address} that is ${row.from}`);
        }
        print(`${address}: ${row.to}`);
        return 0;
      }),
  };
}

export function typedAddress(typed: string): string {
  try {
    return canonicalAddress(typed);
  } catch {
    throw new ServerError('argument_invalid', 'ADDRESS is not an address');
  }
}

export function unknown(address: string): ServerError {
  return new ServerError('account_unknown', `there is no account ${address}`);
}
