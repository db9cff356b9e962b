import type { TransferProgress } from '@latchkey/sdk/mail';
import type { Reporter } from '../reporter.ts';
import { watchProgress, type Watch } from './watch-progress.ts';

const verbs: Readonly<Record<TransferProgress['step'], string>> = {
  resolving: 'Looking up readers',
  sealing: 'Sealing',
  uploading: 'Uploading',
  holding: 'Holding',
  delivering: 'Delivering',
  filing: 'Filing',
  downloading: 'Downloading',
};

export interface TransferWatch {
  readonly show: (progress: TransferProgress) => void;
  readonly end: () => void;
}

/** One bar after another, as the work goes from step to step. */
export function watchTransfer(report: Reporter, about: { readonly outputOnTerminal: boolean }): TransferWatch {
  let step: TransferProgress['step'] | null = null;
  let bar: Watch | null = null;
  return {
    show(progress) {
      if (progress.step !== step) {
        bar?.end();
        step = progress.step;
        bar = watchProgress(report, { verb: verbs[step], ...about });
      }
      bar?.show(progress);
    },
    end() {
      bar?.end();
    },
  };
}
