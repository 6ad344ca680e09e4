import type { Judgement, Measurement, Report, Run } from '@perfkeel/core';
import { viewBenchmarks } from '../view/benchmark-view.ts';
import { isBoundOf } from '../view/judged-statistic.ts';
import { writeJson } from './write-json.ts';

/**
 * The report as JSON, written so that equal reports are equal text.
 *
 * Beside what the run holds, it says what is only known to be no less: `censored` of a measurement is how many of its
 * values, those of requests without an answer; `lowerBound` of a judgement is true where its value may be greater for that.
 *
 * @returns text that ends in a newline
 */
export const renderJson = ({ run, comparison }: Report): string => writeJson({ run: withBounds(run), comparison });

function withBounds(run: Run): object {
  const counts = new Map<Measurement, number>();
  const bounds = new Set<Judgement>();
  for (const view of viewBenchmarks(run)) {
    for (const { rounds, censored } of view.metrics) rounds.forEach((each, i) => counts.set(each, censored[i]!));
    for (const each of view.judgements) if (isBoundOf(view, each)) bounds.add(each);
  }
  return {
    ...run,
    measurements: run.measurements.map((each) => ({ ...each, censored: counts.get(each) || undefined })),
    judgements: run.judgements.map((each) => ({ ...each, lowerBound: bounds.has(each) || undefined })),
  };
}
