import { metrics, type BenchmarkPlan, type Measurement, type MeasurementData, type Run } from '@perfkeel/core';
import { sampleMeasurement, samplePlan, sampleRun, type SampleRunOptions } from '@perfkeel/core/testing';

/** A micro-benchmark with one metric and no promise. */
export const benchPlan = (fields: Partial<BenchmarkPlan> = {}): BenchmarkPlan =>
  samplePlan({
    id: 'parse',
    kind: 'bench',
    metrics: [metrics.timePerOperation],
    primary: metrics.timePerOperation.id,
    objectives: [],
    rounds: 10,
    ...fields,
  });

/** What each round measured of one metric, in order. */
export const roundsOf = (benchmark: string, metric: string, rounds: readonly MeasurementData[]): Measurement[] =>
  rounds.map((data, round) => sampleMeasurement({ benchmark, metric, round, data }));

export const sampleOf = (...values: number[]): MeasurementData => ({ kind: 'sample', values });
export const exactly = (value: number): MeasurementData => ({ kind: 'exact', value });

/** A run of one micro-benchmark whose rounds measured one time each. */
export const benchRun = (id: string, times: readonly number[], options: SampleRunOptions = {}): Run =>
  sampleRun({
    id,
    plans: [benchPlan()],
    measurements: roundsOf(
      'parse',
      'time',
      times.map((time) => sampleOf(time)),
    ),
    ...options,
  });
