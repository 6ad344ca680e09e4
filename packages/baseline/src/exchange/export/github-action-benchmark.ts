import type { Better, Run } from '@perfkeel/core';
import { measureName, runValues, type ExportOptions, type RunValue } from './run-values.ts';

function benchOf(value: RunValue): object {
  const spread = (value.hi - value.lo) / 2;
  return {
    name: `${value.benchmark} > ${measureName(value)}`,
    unit: value.metric.unit,
    value: value.value,
    ...(value.rounds > 1 ? { range: `± ${Number(spread.toPrecision(3))}` } : {}),
    extra: `${value.rounds} round${value.rounds === 1 ? '' : 's'}`,
  };
}

/**
 * What `tool: customSmallerIsBetter` of github-action-benchmark reads, or `customBiggerIsBetter`: the direction holds for
 * a whole file, so metrics of the other one are left out. `range` is half the distance from the lowest round to the
 * highest.
 */
export function githubActionBenchmark(run: Run, better: Better, options: ExportOptions): string {
  const values = runValues(run, options).filter(({ metric }) => metric.better === better);
  return `${JSON.stringify(values.map(benchOf), null, 2)}\n`;
}
