import { formatMinutes, formatQuantity } from '@perfkeel/core';
import type { LoadProfile } from '../profile/load-profile.ts';
import { totalDuration, windowsOf, type Phase } from '../profile/phase.ts';
import type { LoadInterval } from './load-series.ts';
import { sparseQuantile } from './sparse-histogram.ts';

const time = (ns: number): string => formatQuantity(ns, 'ns');

/**
 * One line about the last interval of a run:
 * `hold 12 s of 60 s, 48 s left: 300/s due, 299/s sent, p50 2 ms, p99 8 ms, 0.1% errors, lag 0.1 ms, 3 in flight`.
 */
export function progressLine({ model, phases }: LoadProfile, interval: LoadInterval): string {
  const { start, end, sent, completed, failed, responseTime, scheduleLag, inFlight } = interval;
  const seconds = (end - start) / 1e9;
  const rate = (count: number): string => formatQuantity(count / seconds, '1/s');
  const open = model === 'open';
  const parts = [
    ...dueParts({ model, phases }, (start + end) / 2),
    `${rate(sent)} sent`,
    ...(responseTime.count === 0
      ? []
      : [
          `p50 ${time(sparseQuantile(responseTime, 0.5))}`,
          `p99 ${time(sparseQuantile(responseTime, 0.99))}`,
          `${formatQuantity(failed / (completed + failed), 'ratio')} errors`,
        ]),
    ...(open && scheduleLag.count > 0 ? [`lag ${time(sparseQuantile(scheduleLag, 0.99))}`] : []),
    `${inFlight} in flight`,
  ];
  return `${placeOf(phases, end)}: ${parts.join(', ')}`;
}

/** Where in the profile a moment is: the phase, how far it has come, and what is left of the whole run. */
function placeOf(phases: readonly Phase[], at: number): string {
  const total = totalDuration(phases);
  const index = windowsOf(phases).findIndex(({ end }) => at < end);
  if (index < 0) return 'waiting for the last answers';
  const { start } = windowsOf(phases)[index]!;
  const { name, duration } = phases[index]!;
  return `${name} ${clockTime(at - start)} of ${clockTime(duration)}, ${clockTime(total - at)} left`;
}

/** `48 s`, `12m 05s`, `8h 00m`: nobody counts the seconds of hours. */
function clockTime(ns: number): string {
  const seconds = Math.round(ns / 1e9);
  return seconds < 60 ? `${seconds} s` : formatMinutes(seconds);
}

/** What the profile asks for at a moment; nothing behind its end. */
function dueParts({ model, phases }: Pick<LoadProfile, 'model' | 'phases'>, at: number): readonly string[] {
  const windows = windowsOf(phases);
  const index = windows.findIndex(({ end }) => at < end);
  if (index < 0) return [];
  const { level, duration } = phases[index]!;
  const now = level.from + ((level.to - level.from) * (at - windows[index]!.start)) / duration;
  return [model === 'open' ? `${formatQuantity(now, '1/s')} due` : `${Math.round(now)} clients`];
}
