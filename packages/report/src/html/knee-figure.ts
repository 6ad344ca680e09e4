import { formatQuantity, type Estimate } from '@perfkeel/core';
import { nothing, text, type Markup } from '../markup/markup.ts';
import { kneePlot, type Trial } from '../svg/knee-plot.ts';
import type { BenchmarkView } from '../view/benchmark-view.ts';
import { viewTrials } from '../view/trial-view.ts';
import { formatInterval } from '../view/words.ts';
import { figure } from './figure.ts';
import { columns, table } from './table.ts';

/** The rates that a search for the capacity tried. */
export function kneeFigure(view: BenchmarkView, id: string): Markup {
  const trials = viewTrials(view);
  if (!trials) return nothing;
  const capacity = capacityOf(view);
  const found = capacity
    ? `capacity ${formatQuantity(capacity.value, '1/s')} ${formatInterval(capacity, '1/s')}`
    : 'no capacity was found';
  return figure({
    drawing: kneePlot({
      id,
      title: `${view.plan.id}: what was answered and how fast, by rate`,
      description: `${trials.length} rates were tried; ${found}`,
      trials,
      capacity,
    }),
    sentence:
      'Each dot is a rate that was tried: above, what was answered of it, which leaves the dashed line where the system no longer keeps up; below, its p99. The shaded rates are those that it sustains.',
    tableTitle: 'Trials as a table',
    data: trialsTable(trials),
  });
}

function capacityOf({ primary }: BenchmarkView): Estimate | undefined {
  const estimates = primary?.rounds.flatMap(({ data }) => (data.kind === 'estimate' ? [data.estimate] : [])) ?? [];
  const known = estimates.filter(({ value }) => Number.isFinite(value)).sort((a, b) => a.value - b.value);
  return known[(known.length - 1) >> 1];
}

const trialsTable = (trials: readonly Trial[]): Markup =>
  table(
    columns('rate', 'answered#', 'p99#'),
    [...trials]
      .sort((a, b) => a.rate - b.rate)
      .map(({ rate, throughput, p99 }) => [
        text(formatQuantity(rate, '1/s')),
        text(throughput === undefined ? '' : formatQuantity(throughput, '1/s')),
        text(p99 === undefined ? '' : formatQuantity(p99, 'ns')),
      ]),
  );
