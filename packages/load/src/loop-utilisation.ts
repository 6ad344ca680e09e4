import { performance } from 'node:perf_hooks';
import type { Window } from './timeline.ts';

/** Watches how busy this process is during a window that lies ahead. */
export interface UtilisationWatch {
  /** Ends the watch. The share of the window, as far as it came, in which the event loop was busy, in [0, 1]. */
  stop(): number;
}

export function watchUtilisation({ start, end }: Window): UtilisationWatch {
  let from = performance.eventLoopUtilization();
  let share: number | undefined;
  const read = (): number => performance.eventLoopUtilization(from).utilization;
  const at = (time: number, act: () => void): NodeJS.Timeout => setTimeout(act, time / 1e6);
  const begin = at(start, () => (from = performance.eventLoopUtilization()));
  const finish = at(end, () => (share = read()));
  return {
    stop() {
      clearTimeout(begin);
      clearTimeout(finish);
      return share ?? read();
    },
  };
}
