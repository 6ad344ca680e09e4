import { formatQuantity, type Report, type Unit } from '@perfkeel/core';
import { el, nothing, text, type Markup } from '../markup/markup.ts';
import { dotStrip } from '../svg/dot-strip.ts';
import {
  isBatched,
  roundValue,
  roundValues,
  viewBenchmarks,
  type BenchmarkView,
  type MetricView,
} from '../view/benchmark-view.ts';
import { describeMeasured, evidenceItems } from '../view/evidence.ts';
import { viewComponents } from '../view/component-view.ts';
import { formatShare, quantileName } from '../view/words.ts';
import { percentileFigure } from './percentile-figure.ts';
import { seriesFigures } from './series-figure.ts';
import { columns, dataTable, table } from './table.ts';

/** What each benchmark measured, with its drawings and the data behind them. */
export function benchmarkSections({ run }: Report): Markup {
  const sections = viewBenchmarks(run).map(benchmarkSection);
  return sections.length === 0
    ? nothing
    : el('section', { class: 'benchmark' }, el('h2', {}, text('Evidence')), ...sections);
}

function benchmarkSection(view: BenchmarkView, index: number): Markup {
  const { primary } = view;
  const id = `b${index}`;
  return el(
    'section',
    { class: 'benchmark', id },
    el('h3', {}, text(view.plan.id)),
    el('p', { class: 'quiet' }, text(view.metrics.length > 0 ? describeMeasured(view) : 'nothing was measured')),
    el(
      'ul',
      { class: 'figures' },
      evidenceItems(view).map((item) => el('li', {}, figureOf(item))),
    ),
    componentsTable(view),
    primary ? percentileFigure(view, primary, `${id}p`) : nothing,
    ...seriesFigures(view, `${id}s`),
    primary ? roundsFigure(primary, isBatched(view.plan), `${id}r`) : nothing,
  );
}

/** Where the time goes: the median of every component, and its share of the quantiles. */
function componentsTable(view: BenchmarkView): Markup {
  const components = viewComponents(view);
  if (!components) return nothing;
  const { metric, quantiles, rows } = components;
  return table(
    columns('component', 'median#', ...quantiles.map((q) => `share of ${quantileName(q)}#`)),
    rows.map(({ component, value, shares }) => [
      text(component),
      text(value === undefined ? '' : formatQuantity(value, metric.unit)),
      ...shares.map((share) => text(share === undefined ? '' : formatShare(share))),
    ]),
  );
}

/** `p99 160 ms`: the name is quieter than the figure. */
function figureOf(item: string): readonly Markup[] {
  const blank = item.search(/ (?=[−-]?[\d[])/) + 1;
  return [el('span', {}, text(item.slice(0, blank))), text(item.slice(blank))];
}

/** One value a round: fresh processes differ, and comparisons rest on how much. */
function roundsFigure(view: MetricView, batched: boolean, id: string): Markup {
  const values = roundValues(view);
  if (values.length < 2) return nothing;
  const { unit } = view.metric;
  const what = view.pooled ? (batched ? 'median batch' : 'median') : 'value';
  return el(
    'figure',
    {},
    dotStrip({
      id,
      unit,
      values,
      title: `${what} of each round`,
      description: values.map((value) => formatQuantity(value, unit)).join(', '),
    }),
    el(
      'figcaption',
      {},
      text(
        `The ${what} of each round, the first on top: how much fresh processes differ. The dashed line is their median.`,
      ),
    ),
    dataTable('Rounds as a table', roundsTable(view, batched, unit)),
  );
}

function roundsTable({ rounds }: MetricView, batched: boolean, unit: Unit): Markup {
  const rows = rounds.map(({ round, data, dropped }) => {
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
