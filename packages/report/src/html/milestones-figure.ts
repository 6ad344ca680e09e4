import { formatQuantity } from '@perfkeel/core';
import { nothing, text, type Markup } from '../markup/markup.ts';
import { milestoneStrip, type Milestone } from '../svg/milestone-strip.ts';
import type { BenchmarkView } from '../view/benchmark-view.ts';
import { weightedValues } from '../view/weighted-values.ts';
import { figure } from './figure.ts';
import { columns, table } from './table.ts';

/** What starts pass, each counted from their beginning, in the order in which they pass it. */
const passed = [
  ['first-output', 'first output'],
  ['port-open', 'port open'],
  ['startup-time', 'ready'],
] as const;

/** How far starts have come by when; nothing for a benchmark without milestones. */
export function milestonesFigure({ metrics, plan }: BenchmarkView, id: string): Markup {
  const milestones = passed.flatMap(([metric, name]): Milestone[] => {
    const view = metrics.find((each) => each.metric.id === metric);
    const values = view?.rounds
      .flatMap(({ data }) => (data.kind === 'sample' ? data.values : []))
      .filter(Number.isFinite);
    return values && values.length > 0 ? [{ name, values }] : [];
  });
  if (milestones.length < 2) return nothing;
  const rows = milestones.map(({ name, values }) => {
    const { values: ascending } = weightedValues([{ kind: 'sample', values }])!;
    const at = (q: number): string =>
      formatQuantity(ascending[Math.max(Math.ceil(q * ascending.length) - 1, 0)]!, 'ns');
    return [name, at(0), at(0.5), at(1)];
  });
  return figure({
    drawing: milestoneStrip({
      id,
      title: `milestones of ${plan.id}`,
      description: rows.map(([name, , middle]) => `${name} ${middle}`).join(', '),
      unit: 'ns',
      milestones,
    }),
    sentence:
      'How far each start had come by when, from its first instruction: one dot for each start and milestone, the dashed line is the median.',
    tableTitle: 'Milestones as a table',
    data: table(
      columns('milestone', 'least#', 'median#', 'greatest#'),
      rows.map((cells) => cells.map((cell) => text(cell))),
    ),
  });
}
