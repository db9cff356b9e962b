/** An auditor's replay over leaves that are made on the way, so that the process holds nothing but the replay. */
import { Replay } from '../../../packages/key-directory/src/index.ts';
import { Fillers } from '../fillers.ts';

export interface ReplayTimes {
  readonly leavesPerSecond: number;
  /** By processor time, all threads. */
  readonly leavesPerProcessorSecond: number;
}

const [leaves = 0, leavesARoot = 0] = process.argv.slice(2).map(Number);

/** Both clocks, milliseconds. */
function timed(work: () => void): { wallMs: number; processorMs: number } {
  const [started, before] = [performance.now(), process.cpuUsage()];
  work();
  const { user, system } = process.cpuUsage(before);
  return { wallMs: performance.now() - started, processorMs: (user + system) / 1_000 };
}

const fillers = new Fillers(1);
const making = timed(() => {
  for (let at = 0; at < leaves; at++) fillers.next();
});
const whole = timed(() => {
  const again = new Fillers(1);
  const replay = new Replay();
  for (let at = 1; at <= leaves; at++) {
    replay.add(again.next());
    if (at % leavesARoot !== 0 && at !== leaves) continue;
    replay.logRoot();
    replay.mapRoot();
  }
});
const perSecond = (name: keyof typeof whole): number => (leaves / (whole[name] - making[name])) * 1_000;
const times: ReplayTimes = { leavesPerSecond: perSecond('wallMs'), leavesPerProcessorSecond: perSecond('processorMs') };
process.stdout.write(JSON.stringify(times));
