import { collectionMark, metrics, type RoundMeasurement } from '@perfkeel/core';
import type { LatencyResult } from './latency-result.ts';

/** Fewer moments show no course. */
const fewestMoments = 3;

/** More digits would be noise, and most of the file. */
const short = (value: number): number => Number(value.toPrecision(4));

/** What calls took over time, with marks at long garbage collections of this process. */
export function latencyCourse({ moments, collections }: LatencyResult): readonly RoundMeasurement[] {
  if (moments.length < fewestMoments) return [];
  const until = moments.at(-1)!.end;
  const marks = collections.filter(({ at }) => at > 0 && at < until).map(collectionMark);
  const rates = moments.map(({ end, throughput }) => [Math.round(end), short(throughput)] as const);
  const times = moments.flatMap(({ end, quantiles }) =>
    quantiles.map((value) => [Math.round(end), short(value)] as const),
  );
  return [
    {
      metric: metrics.throughput.id,
      data: { kind: 'series', points: rates, ...(marks.length > 0 ? { marks } : {}) },
    },
    { metric: metrics.responseTimes.id, data: { kind: 'series', points: times } },
  ];
}
