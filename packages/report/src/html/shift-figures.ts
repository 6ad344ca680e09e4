import { formatQuantity, median, type Comparison, type Report } from '@perfkeel/core';
import { text, type Markup } from '../markup/markup.ts';
import { shiftPlot, type Shift } from '../svg/shift-plot.ts';
import { reachOf } from '../view/comparison-row.ts';
import { effectShown, shownWords, type ShownEffect } from '../view/shown-effect.ts';
import { figure } from './figure.ts';
import { columns, table } from './table.ts';

/** The quantile that a compared statistic is. */
export function quantileOf(statistic: string): number | undefined {
  if (statistic === 'min') return 0;
  if (statistic === 'max') return 1;
  if (statistic === 'median') return 0.5;
  const [, percent] = /^p(\d+(?:\.\d+)?)$/.exec(statistic) ?? [];
  return percent === undefined ? undefined : Number(percent) / 100;
}

/** One percentile is a row of the table already. */
const fewest = 2;

/** For each metric of which several percentiles were compared: how each of them changed. */
export function shiftFigures({ comparison }: Report, noChange: number): readonly Markup[] {
  const metrics = new Map<string, Comparison[]>();
  for (const entry of comparison?.comparisons ?? []) {
    if (!entry.effect || quantileOf(entry.statistic) === undefined) continue;
    const key = JSON.stringify([entry.benchmark, entry.metric]);
    metrics.set(key, [...(metrics.get(key) ?? []), entry]);
  }
  return [...metrics.values()]
    .filter((entries) => entries.length >= fewest)
    .map((entries, i) => shiftFigure(entries, noChange, `sh${i}`));
}

function shiftFigure(entries: readonly Comparison[], noChange: number, id: string): Markup {
  const sorted = [...entries].sort((a, b) => quantileOf(a.statistic)! - quantileOf(b.statistic)!);
  const { benchmark, metric } = sorted[0]!;
  const shifts = sorted.map((entry): Shift & { readonly effect: ShownEffect } => ({
    name: entry.statistic,
    effect: effectShown(entry)!,
    decision: entry.decision,
  }));
  return figure({
    drawing: shiftPlot({
      id,
      title: `${benchmark}: how each percentile of ${metric} changed`,
      description: shifts.map(({ name, effect }) => `${name} ${shownWords(effect)}`).join(', '),
      shifts,
      reach: reachOf(sorted, noChange),
      noChange,
    }),
    sentence: `How each percentile of ${metric} of ${benchmark} changed, with its interval: a level line is a change of everything, one that rises to the right a change of the tail alone.`,
    tableTitle: 'Changes of percentiles as a table',
    data: table(
      columns('percentile', 'base#', 'head#', 'change [interval]'),
      sorted.map(({ statistic, unit, base, head }, i) => [
        text(statistic),
        text(base.length > 0 ? formatQuantity(median(base), unit) : ''),
        text(head.length > 0 ? formatQuantity(median(head), unit) : ''),
        text(shownWords(shifts[i]!.effect)),
      ]),
    ),
  });
}
