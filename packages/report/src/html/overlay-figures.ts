import { formatNumber, formatQuantity } from '@perfkeel/core';
import { nothing, text, type Markup } from '../markup/markup.ts';
import { mostLines } from '../svg/chart.ts';
import { ecdfOverlay } from '../svg/ecdf-overlay.ts';
import { scalingPlot } from '../svg/scaling-plot.ts';
import { quantileText } from '../view/benchmark-view.ts';
import type { FamilyView } from '../view/family-view.ts';
import type { GroupView } from '../view/group-view.ts';
import { valuesOf } from '../view/weighted-values.ts';
import { figure } from './figure.ts';
import { columns, table } from './table.ts';

/** Fewer values are no distribution. */
const leastValues = 20;

/** The distributions of alternatives in one drawing, the best ones first. */
export function ecdfFigure({ name, metric, label, members }: GroupView, id: string): Markup {
  const lines = members
    .filter(({ value, unranked }) => value !== undefined && !unranked)
    .sort((a, b) => (a.value! - b.value!) * (metric?.better === 'higher' ? -1 : 1))
    .flatMap(({ benchmark }) => {
      const values = valuesOf(benchmark.primary!);
      return values && values.total >= leastValues
        ? [{ name: shortName(benchmark.plan, name), values, benchmark }]
        : [];
    })
    .slice(0, mostLines);
  if (!metric || lines.length < 2) return nothing;
  const quantiles = [0.1, 0.25, 0.5, 0.75, 0.9];
  return figure({
    drawing: ecdfOverlay({
      id,
      title: `${label} of ${name}: the share of values up to each`,
      description: lines.map(({ name, benchmark }) => `${name} ${quantileText(benchmark.primary!, 0.5)}`).join(', '),
      unit: metric.unit,
      lines,
    }),
    sentence: `Each line rises to the share of values that are no greater; ${metric.better === 'higher' ? 'the one further right is the better one' : 'the one further left is the better one'}, and a steep one is steady.`,
    tableTitle: 'Distributions as a table',
    data: table(
      columns('alternative', ...quantiles.map((q) => `p${q * 100}#`)),
      lines.map(({ name, benchmark }) => [
        text(name),
        ...quantiles.map((q) => text(quantileText(benchmark.primary!, q))),
      ]),
    ),
  });
}

/** `graph` of `search [graph]`: what the members of a group have in common is said once. */
const shortName = (
  { id, variant }: { id: string; variant?: GroupView['members'][number]['benchmark']['plan']['variant'] },
  group: string,
): string => {
  const implementation = variant?.parameters['implementation'];
  if (implementation !== undefined) return String(implementation);
  return id.startsWith(`${group} `) ? id.slice(group.length + 1) : id;
};

/** Families over the same sizes in one drawing. */
export function scalingFigure(families: readonly FamilyView[], id: string): Markup {
  const [first] = families;
  const lines = families
    .map(({ name, members }) => ({
      name: families.length === 1 ? name : (/ \[(.*)\]$/.exec(name)?.[1] ?? name),
      points: members.flatMap(({ size, value }) =>
        value !== undefined && value > 0 && size > 0 ? [[size, value] as const] : [],
      ),
    }))
    .filter(({ points }) => points.length > 1)
    .slice(0, mostLines);
  if (!first?.metric || lines.length === 0) return nothing;
  const { unit } = first.metric;
  return figure({
    drawing: scalingPlot({
      id,
      title: `${first.label} over ${first.parameter}`,
      description: lines
        .map(
          ({ name, points }) =>
            `${name}: ${points.map(([size, value]) => `${formatNumber(size)} ${formatQuantity(value, unit)}`).join(', ')}`,
        )
        .join('; '),
      unit,
      lines,
    }),
    sentence:
      `${first.label} over ${first.parameter}, both axes logarithmic: a line that rises as steeply as the sizes doubles when they double, a flat one does not grow.`.replace(
        /^./,
        (letter) => letter.toUpperCase(),
      ),
    tableTitle: 'Sizes as a table',
    data: table(
      columns(first.parameter, ...lines.map(({ name }) => `${name}#`)),
      [...new Set(lines.flatMap(({ points }) => points.map(([size]) => size)))]
        .sort((a, b) => a - b)
        .map((size) => [
          text(formatNumber(size)),
          ...lines.map(({ points }) => {
            const point = points.find(([at]) => at === size);
            return text(point ? formatQuantity(point[1], unit) : '');
          }),
        ]),
    ),
  });
}
