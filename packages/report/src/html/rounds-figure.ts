import { nothing, text, type Markup } from '../markup/markup.ts';
import { dotStrip } from '../svg/dot-strip.ts';
import { roundTexts, roundValues, type MetricView } from '../view/benchmark-view.ts';
import { figure } from './figure.ts';
import { columns, table } from './table.ts';

/** Two dots show no spread. */
const fewest = 3;

/** One value a round: fresh processes differ, and comparisons rest on how much. */
export function roundsFigure(view: MetricView, batched: boolean, id: string): Markup {
  const values = roundValues(view);
  const texts = roundTexts(view).filter((text) => text !== undefined);
  if (values.length < fewest) return nothing;
  const { unit } = view.metric;
  const what = view.pooled ? (batched ? 'median batch' : 'median') : 'value';
  return figure({
    drawing: dotStrip({
      id,
      unit,
      values,
      texts,
      title: `${what} of each round`,
      description: texts.join(', '),
    }),
    sentence: `The ${what} of each round, the first on top: how much fresh processes differ. The dashed line is their median.`,
    tableTitle: 'Rounds as a table',
    data: roundsTable(view, batched),
  });
}

function roundsTable(view: MetricView, batched: boolean): Markup {
  const texts = roundTexts(view);
  const rows = view.rounds
    .map((each, i) => ({ ...each, value: texts[i] }))
    .filter(({ data }) => data.kind !== 'series')
    .map(({ round, data, dropped, value }) => {
      const count =
        data.kind === 'sample' ? data.values.length : data.kind === 'histogram' ? data.histogram.count : undefined;
      return [text(round + 1), text(value ?? ''), text(count ?? ''), text(dropped)];
    });
  return table(columns('round', 'value#', batched ? 'batches#' : 'count#', 'dropped#'), rows);
}
