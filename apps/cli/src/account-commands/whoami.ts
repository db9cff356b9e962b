import { accountState } from '@latchkey/sdk/client';
import type { Invocation } from '../invocation.ts';
import { formatBytes } from '../terminal/progress-bar.ts';
import { formatDay } from '../terminal/format-time.ts';
import { withAccount } from '../with-account.ts';

export async function whoami({ report }: Invocation): Promise<void> {
  await withAccount(async (client) => {
    const state = await accountState(client);
    const identity = Buffer.from(state.identity).toString('hex');
    const removedOn = state.removedOnDay === null ? null : formatDay(state.removedOnDay);
    report.answer({
      facts: {
        command: 'whoami',
        address: state.address,
        server: state.origin,
        device: state.deviceName,
        identity,
        identityVersion: state.identityVersion,
        usedBytes: state.usedBytes,
        quotaBytes: state.quotaBytes,
        arrivals: state.arrivals,
        removedOn,
      },
      text: [
        `Address   ${state.address}`,
        `Server    ${state.origin}`,
        `Device    ${state.deviceName}`,
        `Identity  ${identity} (version ${state.identityVersion})`,
        `Room      ${formatBytes(state.usedBytes)} of ${formatBytes(state.quotaBytes)} used`,
        ...(removedOn === null ? [] : [`Closing   everything is removed on ${removedOn}; latchkey account keep stays`]),
        '',
      ].join('\n'),
    });
  });
}
