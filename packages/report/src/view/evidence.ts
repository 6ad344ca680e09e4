import { formatNumber, formatQuantity, median, type Estimate, type MeasurementData, type Unit } from '@perfkeel/core';
import { isBatched, quantileText, roundValues, type BenchmarkView, type MetricView } from './benchmark-view.ts';
import { isPart } from './component-view.ts';
import { supportedQuantiles, tailQuantile } from './percentiles.ts';
import { formatInterval, plural, quantileName } from './words.ts';

/** `load, 3 rounds, 33 859 values of response-time`; `bench, 5 rounds, 1 255 batch means of time`. */
export function describeMeasured({ plan, primary, metrics }: BenchmarkView): string {
  const measured = new Set(metrics.flatMap(({ rounds }) => rounds.map(({ round }) => round))).size;
  const rounds =
    measured === plan.rounds ? plural(measured, 'round') : `${measured} of ${plural(plan.rounds, 'round')}`;
  const count = primary?.pooled?.count;
  const values =
    count === undefined ? [] : [`${plural(count, isBatched(plan) ? 'batch mean' : 'value')} of ${plan.primary}`];
  return [plan.kind, rounds, ...values].join(', ');
}

/** The figures of one benchmark, each as `name value`: first its own distribution, then everything beside it. */
export function evidenceItems(benchmark: BenchmarkView, verbose = false): readonly string[] {
  const { plan, metrics, primary, dropped } = benchmark;
  const beside = metrics
    .filter((view) => view !== primary && !isPart(view))
    .flatMap((view) => besideItems(view, verbose));
  const lost = dropped > 0 ? [`dropped ${formatNumber(dropped)}`] : [];
  return [...(primary ? primaryItems(primary, isBatched(plan), verbose) : []), ...beside, ...lost];
}

function primaryItems(view: MetricView, batched: boolean, verbose: boolean): readonly string[] {
  if (!view.pooled) return [valueItem(view)];
  // What follows the first figure is read with it: `means of batches: p50 22 ns, p90 24 ns, max 31 ns`.
  if (batched) return quantileItems(view, [0.5, 0.9]).map((item, i) => (i === 0 ? `means of batches: ${item}` : item));
  return quantileItems(view, verbose ? undefined : [0.5, 0.9, 0.99, 0.999]);
}

/** `p50 22.2 ms`, `p99 160 ms`, `max 953 ms`, as far as the sample supports them. */
function quantileItems(view: MetricView, quantiles?: readonly number[]): readonly string[] {
  const { count } = view.pooled!;
  const named = [...supportedQuantiles(count, quantiles), 1];
  const low = count < 30 ? [0] : [];
  return [...low, ...named].map((q) => `${quantileName(q)} ${quantileText(view, q)}`);
}

function besideItems(view: MetricView, verbose: boolean): readonly string[] {
  const { pooled, metric } = view;
  if (pooled) {
    const q = tailQuantile(pooled);
    return verbose
      ? quantileItems(view).map((item) => `${metric.id} ${item}`)
      : [`${metric.id} ${quantileName(q)} ${quantileText(view, q)}`];
  }
  return roundValues(view).length > 0 ? [valueItem(view)] : [];
}

/** A metric with one number a round: their middle, and the interval that an instrument gave. */
function valueItem(view: MetricView): string {
  const { metric, rounds } = view;
  const values = roundValues(view);
  if (values.length === 0) return `${metric.id} no value`;
  const counts = rounds.map(({ data }) => data).filter(isCount);
  const trials = counts.reduce((sum, data) => sum + data.trials, 0);
  const events = counts.reduce((sum, data) => sum + data.events, 0);
  const value = trials > 0 ? events / trials : median(values);
  const text = `${metric.id} ${formatQuantity(value, metric.unit)}`;
  const first = rounds[0]!.data;
  const isEstimate = rounds.length === 1 && first.kind === 'estimate';
  return isEstimate ? `${metric.id} ${estimateText(first.estimate, metric.unit)}` : text;
}

/** `400/s [390/s, 410/s]`; `at least 400/s` where that is all that is known. */
function estimateText(estimate: Estimate, unit: Unit): string {
  const { value, lo, hi } = estimate;
  const [number, interval] = [formatQuantity(value, unit), formatInterval(estimate, unit)];
  if (lo === 0 && hi === Infinity) return 'not known';
  if (lo === 0 && value === hi) return formatInterval({ lo: -Infinity, hi }, unit);
  if (Number.isFinite(lo) && hi === Infinity) return value === lo ? interval : `about ${number}, ${interval}`;
  return `${number} ${interval}`;
}

const isCount = (data: MeasurementData): data is Extract<MeasurementData, { kind: 'count' }> => data.kind === 'count';
