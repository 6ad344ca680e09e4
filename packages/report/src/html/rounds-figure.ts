import { formatQuantity, type Unit } from '@perfkeel/core';
import { nothing, text, type Markup } from '../markup/markup.ts';
import { dotStrip } from '../svg/dot-strip.ts';
import { roundValue, roundValues, type MetricView } from '../view/benchmark-view.ts';
import { figure } from './figure.ts';
import { columns, table } from './table.ts';

/** Two dots show no spread. */
const fewest = 3;

/** One value a round: fresh processes differ, and comparisons rest on how much. */
export function roundsFigure(view: MetricView, batched: boolean, id: string): Markup {
  const values = roundValues(view);
  if (values.length < fewest) return nothing;
  const { unit } = view.metric;
  const what = view.pooled ? (batched ? 'median batch' : 'median') : 'value';
  return figure({
    drawing: dotStrip({
      id,
      unit,
      values,
      title: `${what} of each round`,
      description: values.map((value) => formatQuantity(value, unit)).join(', '),
    }),
    sentence: `The ${what} of each round, the first on top: how much fresh processes differ. The dashed line is their median.`,
    tableTitle: 'Rounds as a table',
    data: roundsTable(view, batched, unit),
  });
}

function roundsTable({ rounds }: MetricView, batched: boolean, unit: Unit): Markup {
  const rows = rounds
    .filter(({ data }) => data.kind !== 'series')
    .map(({ round, data, dropped }) => {
      const value = roundValue(data);
      const count =
        data.kind === 'sample' ? data.values.length : data.kind === 'histogram' ? data.histogram.count : undefined;
      return [
        text(round + 1),
        text(value === undefined ? '' : formatQuantity(value, unit)),
        text(count ?? ''),
        text(dropped),
      ];
    });
  return table(columns('round', 'value#', batched ? 'batches#' : 'count#', 'dropped#'), rows);
}
