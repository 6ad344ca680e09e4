import { el, text, type Markup } from '../markup/markup.ts';
import { quantilePoints, type WeightedValues } from '../view/weighted-values.ts';
import {
  bottomAxis,
  chart,
  leftAxis,
  lineLegend,
  lineStyle,
  mostLines,
  plotFrame,
  plotWidth,
  tenth,
  type LinesChart,
} from './chart.ts';
import { valueScale } from './value-scale.ts';

/** One distribution of an overlay. */
export interface EcdfLine {
  readonly name: string;
  readonly values: WeightedValues;
}

export type EcdfOverlay = LinesChart<EcdfLine>;

const height = 260;
const frame = plotFrame(height, 28, 30);

const shares = [0, 0.25, 0.5, 0.75, 0.9, 1];

/** For each distribution the share of its values that are no greater: the one further left is the faster one. */
export function ecdfOverlay(overlay: EcdfOverlay): Markup {
  const lines = overlay.lines.slice(0, mostLines);
  const all = lines.flatMap(({ values }) => [values.values[0]!, values.values.at(-1)!]);
  const typical = Math.min(...lines.map(({ values }) => values.values[values.values.length >> 1]!));
  // A third of the typical value: a tail of some slow ones shall not press the rest together.
  const x = valueScale(all, typical / 3, overlay.unit, [frame.left, frame.right]);
  const y = (share: number): number => frame.bottom - share * (frame.bottom - frame.top);
  const ticks = shares.map((share) => ({ at: y(share), label: `${share * 100} %` }));
  return chart(
    overlay,
    plotWidth,
    height,
    bottomAxis(x.ticks, frame),
    leftAxis(ticks, frame),
    lineLegend(lines, frame),
    ...lines.map(({ name, values }, i) =>
      el('path', { class: lineStyle(i), d: steps(values, x.place, y) }, el('title', {}, text(name))),
    ),
  );
}

/** A step at each value; what falls on one pixel column is one step. */
function steps(values: WeightedValues, x: (value: number) => number, y: (share: number) => number): string {
  let [d, column] = [`M${tenth(x(values.values[0]!))},${tenth(y(0))}`, NaN];
  const points = quantilePoints(values);
  points.forEach(([share, value], i) => {
    const at = x(value);
    const next = points[i + 1];
    if (next && Math.round(x(next[1])) === Math.round(at)) return;
    if (Math.round(at) !== column) d += `H${tenth(at)}`;
    column = Math.round(at);
    d += `V${tenth(y(share))}`;
  });
  return d;
}
