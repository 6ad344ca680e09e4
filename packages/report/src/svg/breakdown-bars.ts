import { greatestOf } from '../view/extent.ts';
import { el, text, type Markup } from '../markup/markup.ts';
import { chart, legend, plotWidth, tenth, type ChartLabel, type Frame } from './chart.ts';

/** One row of bars: a whole taken apart, or one thing beside others. */
export interface BreakdownRow {
  readonly name: string;
  /** From left to right; `size` is 0 or more. */
  readonly parts: readonly { readonly part: number; readonly size: number }[];
  /** What stands behind the bar. */
  readonly value: string;
}

export interface BreakdownBars extends ChartLabel {
  /** The names of the parts, by number; a single one needs no legend. */
  readonly parts: readonly string[];
  readonly rows: readonly BreakdownRow[];
}

const rowHeight = 26;
const nameWidth = 150;
const valueWidth = 130;

/** Bars from a common zero, each taken apart into its parts. */
export function breakdownBars(bars: BreakdownBars): Markup {
  const { rows, parts } = bars;
  const top = parts.length > 1 ? 30 : 6;
  const frame: Frame = { left: nameWidth, right: plotWidth - valueWidth, top, bottom: top + rowHeight * rows.length };
  const most = greatestOf(rows.map(wholeOf), 0) || 1;
  const scale = (frame.right - frame.left) / most;
  const entries = parts.map((name, i) => ({ name, style: `swatch s${i % 6}` }));
  return chart(
    bars,
    plotWidth,
    frame.bottom + 6,
    ...(parts.length > 1 ? [legend(entries, { ...frame, left: 8, right: plotWidth - 8 })] : []),
    ...rows.map((row, i) => bar(row, top + i * rowHeight, frame, scale)),
  );
}

const wholeOf = ({ parts }: BreakdownRow): number => parts.reduce((sum, { size }) => sum + size, 0);

function bar(row: BreakdownRow, y: number, { left }: Frame, scale: number): Markup {
  let x = left;
  const pieces = row.parts.map(({ part, size }) => {
    const piece = el('rect', {
      class: `bar s${part % 6}`,
      x: tenth(x),
      y: y + 4,
      width: tenth(size * scale),
      height: rowHeight - 10,
    });
    x += size * scale;
    return piece;
  });
  const name = [...row.name].length > 22 ? `${[...row.name].slice(0, 21).join('')}…` : row.name;
  return el(
    'g',
    {},
    el('title', {}, text(`${row.name}: ${row.value}`)),
    el('text', { x: left - 8, y: y + 17, 'text-anchor': 'end' }, text(name)),
    ...pieces,
    el('text', { x: x + 8, y: y + 17 }, text(row.value)),
  );
}
