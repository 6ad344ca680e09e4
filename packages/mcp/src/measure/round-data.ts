import type { RoundMeasurement } from '@perfkeel/core';

export const exact = (metric: string, value: number): RoundMeasurement => ({ metric, data: { kind: 'exact', value } });

export const counted = (metric: string, events: number, trials: number): RoundMeasurement => ({
  metric,
  data: { kind: 'count', events, trials },
});

/** Nothing when there are no values: a metric without values is absent. */
export const sample = (metric: string, values: readonly number[]): RoundMeasurement | undefined =>
  values.length === 0 ? undefined : { metric, data: { kind: 'sample', values } };
