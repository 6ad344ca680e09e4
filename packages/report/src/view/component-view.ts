import { median, type Metric } from '@perfkeel/core';
import { roundValues, type BenchmarkView, type MetricView } from './benchmark-view.ts';

/** One part of the operations of a benchmark. */
export interface ComponentRow {
  readonly component: string;
  /** The median of the component itself, in the unit of the whole. */
  readonly value?: number | undefined;
  /** Its share of each quantile in `quantiles`, as a ratio; absent where it was not measured. */
  readonly shares: readonly (number | undefined)[];
}

/** What an instrument calls the time that belongs to no component, and the share from which that is worth a word. */
const [rest, notable] = ['rest', 0.01];

/** Where the time of a benchmark goes. */
export interface ComponentView {
  readonly metric: Metric;
  /** In ascending order, such as 0.5 and 0.99. */
  readonly quantiles: readonly number[];
  /** The greatest share of the highest quantile first. */
  readonly rows: readonly ComponentRow[];
}

/** The parts of the primary metric; `undefined` when there are none. */
export function viewComponents({ primary, metrics }: BenchmarkView): ComponentView | undefined {
  if (!primary) return undefined;
  const parts = metrics.filter(({ metric }) => metric.part?.of === primary.metric.id);
  if (parts.length === 0) return undefined;
  const quantiles = [...new Set(parts.flatMap(({ metric }) => metric.part?.q ?? []))].sort((a, b) => a - b);
  const names = [...new Set(parts.map(({ metric }) => metric.part!.component))];
  const find = (component: string, q: number | undefined): MetricView | undefined =>
    parts.find(({ metric }) => metric.part!.component === component && metric.part!.q === q);
  const rows = names.map((component) => ({
    component,
    value: middleOf(find(component, undefined)),
    shares: quantiles.map((q) => middleOf(find(component, q))),
  }));
  const weight = ({ shares, value }: ComponentRow): number => shares.at(-1) ?? value ?? 0;
  const shown = rows.filter(({ component, shares }) => component !== rest || shares.some((share) => share! >= notable));
  return { metric: primary.metric, quantiles, rows: shown.sort((a, b) => weight(b) - weight(a)) };
}

/** Whether a metric is shown inside another one. */
export const isPart = ({ metric }: MetricView): boolean => metric.part !== undefined;

function middleOf(view: MetricView | undefined): number | undefined {
  if (!view) return undefined;
  if (view.pooled) return view.pooled.quantile(0.5);
  const values = roundValues(view);
  return values.length === 0 ? undefined : median(values);
}
