import { median } from '@perfkeel/core';
import { el, text, type Markup } from '../markup/markup.ts';
import { bottomAxis, chart, plotFrame, plotWidth, type Frame, type ValueChart } from './chart.ts';
import { closeScale } from './value-scale.ts';

export interface DotStrip extends ValueChart {
  /** One value a round, in the order of the rounds. */
  readonly values: readonly number[];
  /** The same in words. */
  readonly texts: readonly string[];
}

const height = 62;
const frame: Frame = { ...plotFrame(height, 6, 40), bottom: height - 24 };

/** One dot a round on one axis, lower for later rounds, so that a drift becomes a slant; the tall line is the median. */
export function dotStrip(strip: DotStrip): Markup {
  const { values, texts, unit } = strip;
  const x = closeScale(values, unit, [frame.left, frame.right]);
  const step = (frame.bottom - frame.top - 10) / Math.max(values.length - 1, 1);
  const middle = x.place(median(values));
  return chart(
    strip,
    plotWidth,
    height,
    bottomAxis(x.ticks, frame),
    el('line', { class: 'trend', x1: middle, x2: middle, y1: frame.top, y2: frame.bottom }),
    el(
      'g',
      { class: 'points' },
      values.map((value, i) =>
        el(
          'circle',
          { cx: x.place(value), cy: frame.top + 5 + i * step, r: 4 },
          el('title', {}, text(`round ${i + 1}: ${texts[i]!}`)),
        ),
      ),
    ),
  );
}
