import { formatQuantity } from '@perfkeel/core';
import { nothing, text, type Markup } from '../markup/markup.ts';
import { breakdownBars } from '../svg/breakdown-bars.ts';
import type { BenchmarkView } from '../view/benchmark-view.ts';
import { viewComponents, type ComponentView } from '../view/component-view.ts';
import { viewParts, type PartView } from '../view/part-view.ts';
import { formatShare, quantileName } from '../view/words.ts';
import { figure } from './figure.ts';
import { columns, table } from './table.ts';

/** Where the time goes: the components of an operation, taken apart for each quantile. */
export function componentsFigure(view: BenchmarkView, id: string): Markup {
  const components = viewComponents(view);
  if (!components || components.rows.length === 0) return nothing;
  const { quantiles } = components;
  return figure({
    drawing: breakdownBars({ ...componentBars(components), id, ...componentWords(view, components) }),
    sentence:
      quantiles.length === 0
        ? `The median of each part of ${components.metric.id}, one behind the other.`
        : `Which share of ${quantiles.map(quantileName).join(' and of ')} each component takes: what grows from one bar to the next makes the tail.`,
    tableTitle: 'Components as a table',
    data: componentsTable(components),
  });
}

const componentWords = (
  { plan }: BenchmarkView,
  { rows, metric }: ComponentView,
): { title: string; description: string } => ({
  title: `${metric.id} of ${plan.id} by component`,
  description: rows
    .map(({ component, value, shares }) =>
      [
        component,
        ...(shares.at(-1) === undefined ? [] : [formatShare(shares.at(-1)!)]),
        ...(value === undefined ? [] : [formatQuantity(value, metric.unit)]),
      ].join(' '),
    )
    .join(', '),
});

function componentBars({
  quantiles,
  rows,
  metric,
}: ComponentView): Pick<Parameters<typeof breakdownBars>[0], 'parts' | 'rows'> {
  const parts = rows.map(({ component }) => component);
  if (quantiles.length === 0) {
    const sizes = rows.map(({ value = 0 }, part) => ({ part, size: Math.max(value, 0) }));
    const whole = sizes.reduce((sum, { size }) => sum + size, 0);
    return { parts, rows: [{ name: 'median', parts: sizes, value: formatQuantity(whole, metric.unit) }] };
  }
  return {
    parts,
    rows: quantiles.map((q, i) => {
      const sizes = rows.map(({ shares }, part) => ({ part, size: Math.max(shares[i] ?? 0, 0) }));
      const largest = [...sizes].sort((a, b) => b.size - a.size)[0]!;
      return { name: quantileName(q), parts: sizes, value: `${formatShare(largest.size)} ${parts[largest.part]!}` };
    }),
  };
}

const componentsTable = ({ metric, quantiles, rows }: ComponentView): Markup =>
  table(
    columns('component', 'median#', ...quantiles.map((q) => `share of ${quantileName(q)}#`)),
    rows.map(({ component, value, shares }) => [
      text(component),
      text(value === undefined ? '' : formatQuantity(value, metric.unit)),
      ...shares.map((share) => text(share === undefined ? '' : formatShare(share))),
    ]),
  );

/** Phases and endpoints side by side, each by its median and its tail. */
export function partsFigure(view: BenchmarkView, id: string): Markup {
  const parts = viewParts(view);
  if (parts.length < 2) return nothing;
  const q = Math.min(...parts.map((part) => part.q));
  const [middle, tail] = ['p50', quantileName(q)];
  const few = parts.some((part) => part.q !== q) ? `, or the ${quantileName(1)} of few values` : '';
  return figure({
    drawing: breakdownBars({
      id,
      title: `${view.primary!.metric.id} of ${view.plan.id} by part`,
      description: parts
        .map(({ name, medianText, tailText, q }) => `${name} ${medianText}, ${quantileName(q)} ${tailText}`)
        .join('; '),
      parts: [middle, `${tail} beyond it`],
      rows: parts.map(({ name, median, tail: slow, tailText, q }) => ({
        name,
        parts: [
          { part: 0, size: median },
          { part: 1, size: Math.max(slow - median, 0) },
        ],
        value: `${quantileName(q)} ${tailText}`,
      })),
    }),
    sentence: `The phases and endpoints of the load by themselves: the first piece of a bar is the median, its end the ${tail}${few}.`,
    tableTitle: 'Parts as a table',
    data: partsTable(parts, q),
  });
}

const partsTable = (parts: readonly PartView[], shared: number): Markup =>
  table(
    columns('part', 'p50#', `${quantileName(shared)}#`, 'errors#', 'throughput#'),
    parts.map(({ name, medianText, tailText, q, errors, throughput }) => [
      text(name),
      text(medianText),
      text(q === shared ? tailText : `${quantileName(q)} ${tailText}`),
      text(errors === undefined ? '' : formatShare(errors)),
      text(throughput === undefined ? '' : formatQuantity(throughput, '1/s')),
    ]),
  );
