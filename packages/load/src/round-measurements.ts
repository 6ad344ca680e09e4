import { metrics, type Histogram, type MeasurementData, type RoundResult, type Warning } from '@perfkeel/core';
import { failureKinds } from './failure.ts';
import type { LoadResult } from './load-result.ts';

const histogramData = (histogram: Histogram): MeasurementData => ({
  kind: 'histogram',
  histogram: histogram.toData(),
});

/** What failed and how, in words: `12 of 1000 failed: 10 reset, 2 status (status 503)`. */
function failureDetails(result: LoadResult): readonly Warning[] {
  const { failed, failures, firstMessages, scheduled } = result;
  if (failed === 0) return [];
  const kinds = failureKinds
    .filter((kind) => failures[kind] > 0)
    .map((kind) => `${failures[kind]} ${kind} (${firstMessages[kind]})`);
  return [{ code: 'failed-requests', message: `${failed} of ${scheduled} failed: ${kinds.join(', ')}` }];
}

/** Turns a run of load into what a round hands back: metrics of core, in their base units. */
export function roundMeasurements(result: LoadResult): RoundResult {
  const { responseTime, serviceTime, scheduleLag, throughput, failed, scheduled, dropped, warnings } = result;
  return {
    measurements: [
      { metric: metrics.responseTime.id, data: histogramData(responseTime), dropped, warnings },
      { metric: metrics.serviceTime.id, data: histogramData(serviceTime) },
      ...(scheduleLag === undefined ? [] : [{ metric: metrics.scheduleLag.id, data: histogramData(scheduleLag) }]),
      { metric: metrics.throughput.id, data: { kind: 'exact', value: throughput } },
      {
        metric: metrics.errors.id,
        data: { kind: 'count', events: failed, trials: scheduled - dropped },
        warnings: failureDetails(result),
      },
    ],
  };
}
