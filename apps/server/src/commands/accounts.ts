import { canonicalAddress } from '@latchkey/protocol';
import { ServerError } from '../errors.ts';
import type { AccountState } from '../store/schema.ts';
import { print, printJson, type Command } from './command.ts';
import { withData } from './open-data.ts';

export const accounts: Command = {
  name: 'accounts',
  operands: [],
  givesJson: true,
  summary: 'list the accounts, their state and what they use',
  run: ({ read, json }) =>
    withData(read.config.data, async ({ db }) => {
      const rows = await db.selectFrom('account').selectAll().orderBy('address').execute();
      const listed = rows.map((row) => ({
        address: row.address,
        state: row.state,
        removedOn: row.removed_on_day === null ? null : dateOf(row.removed_on_day),
        usedBytes: row.used_bytes,
        quotaBytes: row.quota_bytes,
        arrivals: row.arrivals_here,
        quotaArrivals: row.quota_arrivals,
      }));
      if (json) printJson(listed);
      else {
        for (const row of listed) {
          const state = row.removedOn === null ? row.state : `${row.state} until ${row.removedOn}`;
          const use = `${row.usedBytes}/${row.quotaBytes} bytes\t${row.arrivals}/${row.quotaArrivals} arrivals`;
          print(`${row.address}\t${state}\t${use}`);
        }
      }
      return 0;
    }),
};

function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

export const quota: Command = {
  name: 'quota',
  operands: ['ADDRESS', 'BYTES'],
  takes: ['arrivals'],
  summary: 'set how much an account may use: 5368709120, or 5GiB; with --arrivals N also how many may wait',
  run: ({ read, operands, arrivals }) =>
    withData(read.config.data, async ({ write }) => {
      const [typed = '', size = ''] = operands;
      const address = typedAddress(typed);
      const quotaBytes = typedSize(size);
      if (arrivals !== null && !/^[0-9]{1,9}$/.test(arrivals)) {
        throw new ServerError('argument_invalid', '--arrivals takes a whole number');
      }
      const quotaArrivals = arrivals === null ? null : Number(arrivals);
      if (!(await write('setQuota', { address, quotaBytes, quotaArrivals }))) throw unknown(address);
      print(`${address}: ${quotaBytes} bytes${quotaArrivals === null ? '' : `, ${quotaArrivals} arrivals`}`);
      return 0;
    }),
};

const units: Readonly<Record<string, number>> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

function typedSize(text: string): number {
  const [, digits, unit = ''] = /^([0-9]{1,15})(|KiB|MiB|GiB|TiB)$/.exec(text) ?? [];
  const bytes = Number(digits) * (units[unit] ?? Number.NaN);
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new ServerError('argument_invalid', 'BYTES is a whole number, alone or with KiB, MiB, GiB or TiB');
}

export const suspend: Command = stateCommand({
  name: 'suspend',
  summary: 'refuse an account’s calls and mail; nothing is removed',
  from: ['open'],
  to: 'suspended',
});
export const resume: Command = stateCommand({
  name: 'resume',
  summary: 'take a suspension back',
  from: ['suspended'],
  to: 'open',
});
export const close: Command = stateCommand({
  name: 'close',
  summary: 'close an account; it is removed after seven days',
  from: ['open', 'suspended'],
  to: 'closing',
});

function stateCommand(row: {
  readonly name: string;
  readonly summary: string;
  readonly from: readonly AccountState[];
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
          throw new ServerError('account_unknown', `there is no account ${address} that is ${row.from.join(' or ')}`);
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
