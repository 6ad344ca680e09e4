import type { Measurement, Run } from '@perfkeel/core';
import { isTimed, type Direction } from './change.ts';
import type { RunPair, SideGate } from './side-gates.ts';

/** How much more often the side that looks worse may have been disturbed. */
const tolerated = 0.25;

/**
 * What disturbed the rounds of one side more often than those of the other, when that explains the change. Interference
 * that both sides meet alike makes intervals wider, and nothing else.
 *
 * @param direction of the change; the slower side is head when times are more
 */
export function unevenDisturbance(
  runs: RunPair,
  { benchmark, metric }: SideGate,
  direction: Direction,
): string | undefined {
  if (!isTimed(metric.unit)) return undefined;
  const share = (run: Run): number => {
    const all = ofMetric(run, benchmark, metric.id);
    return all.length === 0 ? 0 : all.filter(isDisturbed).length / all.length;
  };
  const headIsSlower = metric.unit === 'ns' ? direction > 0 : direction < 0;
  const [slower, other] = headIsSlower ? [runs.head, runs.base] : [runs.base, runs.head];
  if (share(slower) - share(other) <= tolerated) return undefined;
  const message = ofMetric(slower, benchmark, metric.id)
    .find(isDisturbed)
    ?.warnings.find(({ forbids }) => forbids)?.message;
  return `rounds of ${headIsSlower ? 'head' : 'base'} were disturbed more often than the others: ${message}`;
}

const ofMetric = ({ measurements }: Run, benchmark: string, metric: string): readonly Measurement[] =>
  measurements.filter((one) => one.benchmark === benchmark && one.metric === metric);

const isDisturbed = ({ warnings }: Measurement): boolean => warnings.some(({ forbids }) => forbids === 'fail');
