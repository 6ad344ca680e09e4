import { distributionOf, type Distribution, type Run } from '@perfkeel/core';
import { exportError } from './export-error.ts';
import { selected, type ExportOptions, type SelectedMetric } from './run-values.ts';

/** Reporting ticks for each half of the distance to 1, as HdrHistogram's own tools have them. */
const ticks = 5;

/** Percentiles in [0, 1]: five steps to 0.5, five to 0.75, and so on until less than one value is beyond. */
function percentiles(count: number): number[] {
  const levels: number[] = [];
  for (let level = 0; ;) {
    levels.push(level);
    const steps = ticks * 2 ** Math.floor(Math.log2(1 / (1 - level)) + 1);
    level += 1 / steps;
    if ((1 - level) * count < 1 || level >= 1) return levels;
  }
}

const line = (value: number, level: number, total: number): string => {
  const inverse = level < 1 ? (1 / (1 - level)).toFixed(2).padStart(14) : '';
  return `${value.toFixed(3).padStart(12)} ${level.toFixed(12)} ${String(total).padStart(10)} ${inverse}`.trimEnd();
};

function deviation(distribution: Distribution): number {
  const { count, mean } = distribution;
  const squares = Array.from({ length: 1000 }, (_, i) => (distribution.quantile((i + 0.5) / 1000) - mean) ** 2);
  return count > 1 ? Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / 1000) : 0;
}

function textOf(distribution: Distribution, scale: number): string {
  const { count, mean } = distribution;
  const rows = percentiles(count).map((level) => {
    // Steps of a tenth add up to 0.30000000000000004, which would be one rank too many.
    const rank = Math.max(1, Math.ceil(Number((level * count).toPrecision(12))));
    return line(distribution.valueAtRank(rank) / scale, level, rank);
  });
  const max = distribution.valueAtRank(count) / scale;
  return [
    '       Value     Percentile TotalCount 1/(1-Percentile)',
    '',
    ...rows,
    line(max, 1, count),
    `#[Mean    = ${(mean / scale).toFixed(3).padStart(12)}, StdDeviation   = ${(deviation(distribution) / scale).toFixed(3).padStart(12)}]`,
    `#[Max     = ${max.toFixed(3).padStart(12)}, Total count    = ${String(count).padStart(12)}]`,
    '#[Buckets =           43, SubBuckets     =         2048]',
    '',
  ].join('\n');
}

const namesOf = (found: readonly SelectedMetric[]): string =>
  found
    .slice(0, 5)
    .map(({ benchmark, metric }) => `${metric.id} of ${JSON.stringify(benchmark)}`)
    .join(', ');

/**
 * The percentile distribution of one metric, pooled over rounds, as HdrHistogram's plotters read it: times in
 * milliseconds, everything else in its base unit.
 *
 * @throws PerfError `bad-export`, exit code 2, unless exactly one distribution is meant.
 */
export function hgrm(run: Run, options: ExportOptions): string {
  const found = selected(run, options).flatMap((one) => {
    const distribution = distributionOf(one.rounds.map(({ data }) => data));
    return distribution && distribution.count > 0 ? [{ ...one, distribution }] : [];
  });
  const [only, ...more] = found;
  if (!only) {
    throw exportError(
      'there is no distribution to export',
      'Only samples and histograms have one; try csv for the rest.',
    );
  }
  if (more.length > 0) {
    const message = `an .hgrm file holds one distribution, and there are ${found.length}: ${namesOf(found)}`;
    throw exportError(message, 'Choose with --benchmark and --metric.');
  }
  return textOf(only.distribution, only.metric.unit === 'ns' ? 1e6 : 1);
}
