import { scaleLog } from 'd3-scale';
import { el, type Markup } from '../markup/markup.ts';
import type { HeatGrid } from '../view/heat-grid.ts';
import { bottomAxis, chart, leftAxis, plotFrame, plotWidth, tenth, type ValueChart } from './chart.ts';
import { eventMarks, type ChartEvent } from './event-marks.ts';
import { timeScale } from './time-scale.ts';
import { logarithmicTicks } from './value-scale.ts';

export interface Heatmap extends ValueChart {
  readonly grid: HeatGrid;
  readonly events: readonly ChartEvent[];
}

const height = 260;
const frame = plotFrame(height, 26);

/** How many shades there are; a count is shown by its logarithm, so that rare slow answers are seen beside many fast ones. */
export const heatClasses = 8;

/** How often which value was seen when: columns are time, rows are values on a logarithmic axis, darker is more often. */
export function heatmap(map: Heatmap): Markup {
  const { grid, unit, events } = map;
  const x = timeScale(grid.from, grid.to, [frame.left, frame.right]);
  const y = scaleLog().domain([grid.low, grid.high]).range([frame.bottom, frame.top]);
  return chart(
    map,
    plotWidth,
    height,
    bottomAxis(x.ticks, frame),
    leftAxis(logarithmicTicks(y, grid.low, grid.high, unit), frame),
    ...shades(grid),
    eventMarks(events, x.place, frame),
  );
}

/** One path a shade, with neighbouring cells of one row joined: a tenth of the size of a rectangle for each cell. */
function shades({ counts }: HeatGrid): readonly Markup[] {
  const [columns, rows] = [counts.length, counts[0]!.length];
  const [cellWidth, cellHeight] = [(frame.right - frame.left) / columns, (frame.bottom - frame.top) / rows];
  let most = 1;
  for (const column of counts) for (const count of column) most = Math.max(most, count);
  const shadeAt = (column: number, row: number): number => shadeOf(counts[column]?.[row] ?? 0, most);
  const paths = Array.from({ length: heatClasses }, () => '');
  for (let row = 0; row < rows; row++) {
    const y = tenth(frame.bottom - (row + 1) * cellHeight);
    for (let column = 0; column < columns;) {
      const shade = shadeAt(column, row);
      let end = column + 1;
      while (end < columns && shadeAt(end, row) === shade) end++;
      if (shade >= 0) {
        const length = tenth((end - column) * cellWidth);
        paths[shade] += `M${tenth(frame.left + column * cellWidth)},${y}h${length}v${tenth(cellHeight)}h-${length}z`;
      }
      column = end;
    }
  }
  return paths.flatMap((d, shade) => (d === '' ? [] : [el('path', { class: `heat h${shade}`, d })]));
}

/** -1 for nothing. */
const shadeOf = (count: number, most: number): number =>
  count <= 0
    ? -1
    : Math.min(Math.max(Math.floor((Math.log(count) / Math.log(Math.max(most, 2))) * heatClasses), 0), heatClasses - 1);
