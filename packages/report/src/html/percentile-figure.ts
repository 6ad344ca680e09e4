import type { VerdictKind } from '@perfkeel/core';
import { nothing, text, type Markup } from '../markup/markup.ts';
import { percentileCurve, quantilePlace, type Corner } from '../svg/percentile-curve.ts';
import { isBatched, quantileText, type BenchmarkView, type MetricView } from '../view/benchmark-view.ts';
import { judgedStatistic } from '../view/judged-statistic.ts';
import { supportedQuantiles } from '../view/percentiles.ts';
import { valuesOf, weightedValues } from '../view/weighted-values.ts';
import { plural, quantileName } from '../view/words.ts';
import { figure } from './figure.ts';
import { columns, table } from './table.ts';

/** Fewer values than these are dots, not a curve. */
const leastValues = 20;

/** The percentile curve of a benchmark with its objectives as corners, one sentence, and the data. */
export function percentileFigure(view: BenchmarkView, metric: MetricView, id: string): Markup {
  const pooled = valuesOf(metric);
  if (!pooled || !metric.pooled || pooled.total < leastValues) return nothing;
  const { unit } = metric.metric;
  const batched = isBatched(view.plan);
  const what = batched ? `batch means of ${metric.metric.id}` : metric.metric.id;
  const corners = cornersOf(view);
  const rounds = metric.rounds.map(({ data }) => weightedValues([data])).filter((values) => values !== undefined);
  const quantiles = [0, ...supportedQuantiles(pooled.total), 1];
  const rows = quantiles.map((q) => [quantileName(q), quantileText(metric, q)] as const);
  const unanswered = metric.censored.reduce((sum, count) => sum + count, 0);
  const description = rows.map((row) => row.join(' ')).join(', ');
  return figure({
    drawing: percentileCurve({
      id,
      title: `${what} of ${view.plan.id} by percentile`,
      description,
      unit,
      pooled,
      rounds,
      corners,
      boundFrom: metric.boundFrom,
    }),
    sentence: [
      sentence(metric.metric.id, batched, corners.length > 0, rounds.length > 1),
      ...(unanswered > 0
        ? [`${plural(unanswered, 'request')} had no answer: what is dotted is only known to be at least that.`]
        : []),
    ].join(' '),
    tableTitle: 'Percentiles as a table',
    data: table(
      columns('percentile', `${what}#`),
      rows.map((row) => row.map(text)),
      quantiles.map(quantilePlace(pooled.total)),
    ),
  });
}

function sentence(metric: string, batched: boolean, corners: boolean, rounds: boolean): string {
  return [
    batched
      ? `Each value is the mean ${metric} of a batch of operations; single operations spread further. Half of all batches lie below the curve at p50.`
      : `Half of all values of ${metric} lie below the curve at p50, 99 % at p99.`,
    ...(rounds ? ['Thin lines are single rounds.'] : []),
    ...(corners ? ['An objective is kept when the curve stays out of its shaded corner.'] : []),
  ].join(' ');
}

/** The objectives on quantiles of the benchmark's own distribution. */
function cornersOf({ plan, judgements }: BenchmarkView): readonly Corner[] {
  return judgements.flatMap((judgement) => {
    const statistic = judgedStatistic(judgement, plan);
    const q = statistic?.kind === 'quantile' ? statistic.q : undefined;
    const { comparator, limit, objective, verdict, metric } = judgement;
    // Of a phase or an endpoint there may be another objective: its values are not those of this curve.
    if (q === undefined || comparator === '=' || metric !== plan.primary) return [];
    const side = comparator.startsWith('<') ? 'below' : 'above';
    return [{ q, limit, side, fate: fateOf(verdict.kind), label: objective } as const];
  });
}

const fateOf = (kind: VerdictKind): Corner['fate'] =>
  kind === 'pass' || kind === 'warn' ? 'kept' : kind === 'inconclusive' ? 'open' : 'missed';
