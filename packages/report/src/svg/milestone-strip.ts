import { formatQuantity, median, type Unit } from '@perfkeel/core';
import { scaleLinear } from 'd3-scale';
import { el, text, type Markup } from '../markup/markup.ts';
import { thin } from '../view/decimate.ts';
import { greatestOf } from '../view/extent.ts';
import { bottomAxis, chart, plotWidth, type Frame, type ValueChart } from './chart.ts';

/** Something that every start passes on its way. */
export interface Milestone {
  readonly name: string;
  /** Of each start, since its beginning. */
  readonly values: readonly number[];
}

export interface MilestoneStrip extends ValueChart {
  /** In the order in which they are passed. */
  readonly milestones: readonly Milestone[];
}

const rowHeight = 30;
const mostDots = 200;

/** A row of dots for each milestone over one axis of time from 0: how far a start has come by when. */
export function milestoneStrip(strip: MilestoneStrip): Markup {
  const { milestones, unit } = strip;
  const frame: Frame = { left: 110, right: plotWidth - 90, top: 6, bottom: 6 + rowHeight * milestones.length };
  const most =
    greatestOf(
      milestones.flatMap(({ values }) => values),
      0,
    ) * 1.04 || 1;
  const x = scaleLinear().domain([0, most]).range([frame.left, frame.right]);
  const ticks = x.ticks(6).map((value) => ({ at: x(value), label: value === 0 ? '0' : formatQuantity(value, unit) }));
  return chart(
    strip,
    plotWidth,
    frame.bottom + 26,
    bottomAxis(ticks, frame),
    ...milestones.map((milestone, i) => row(milestone, frame.top + rowHeight * (i + 0.5), x, frame, unit)),
  );
}

function row({ name, values }: Milestone, y: number, x: (value: number) => number, frame: Frame, unit: Unit): Markup {
  const middle = median(values);
  return el(
    'g',
    {},
    el('text', { x: frame.left - 8, y: y + 4, 'text-anchor': 'end' }, text(name)),
    el('line', { class: 'grid', x1: frame.left, x2: x(middle), y1: y, y2: y }),
    el(
      'g',
      { class: 'points' },
      thin(values, mostDots).map((value, i) => el('circle', { cx: x(value), cy: y - 4 + (i % 3) * 4, r: 3 })),
    ),
    el('line', { class: 'trend', x1: x(middle), x2: x(middle), y1: y - 11, y2: y + 11 }),
    el('text', { class: 'figure-text', x: frame.right + 8, y: y + 4 }, text(formatQuantity(middle, unit))),
  );
}
