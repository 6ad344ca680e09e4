import { expect, test } from 'vitest';
import { tagProblems } from '../../test/support/markup-balance.ts';
import { heatGrid } from '../view/heat-grid.ts';
import { breakdownBars } from './breakdown-bars.ts';
import { coursePlot } from './course-plot.ts';
import { ecdfOverlay } from './ecdf-overlay.ts';
import { eventMarks } from './event-marks.ts';
import { heatmap } from './heatmap.ts';
import { kneePlot } from './knee-plot.ts';
import { milestoneStrip } from './milestone-strip.ts';
import { scalingPlot } from './scaling-plot.ts';
import { seriesPlot } from './series-plot.ts';
import { shiftPlot } from './shift-plot.ts';
import { spaced } from './chart.ts';
import { timeScale } from './time-scale.ts';
import { trendPlot } from './trend-plot.ts';

const label = { id: 'x', title: 't', description: 'd' };
const second = 1e9;

/** All numbers of a path, or of an attribute. */
const pathOf = (svg: string, style: string): readonly (readonly [number, number])[] => {
  const d = new RegExp(`class="${style}" d="([^"]*)"`).exec(svg)![1]!;
  return [...d.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
};
const sound = (svg: string): string => {
  expect(tagProblems(svg)).toEqual([]);
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  return svg;
};

test.each([
  [0.4 * second, ['0', '100 ms', '200 ms', '300 ms', '400 ms']],
  [60 * second, ['0', '10 s', '20 s', '30 s', '40 s', '50 s', '1m']],
  [8 * 3600 * second, ['0', '2h', '4h', '6h', '8h']],
])('%d ns have ticks at round times', (to, labels) => {
  expect(timeScale(0, to, [0, 100]).ticks.map(({ label }) => label)).toEqual(labels);
});

test('a week and a moment have few ticks', () => {
  for (const to of [0, 1, 7 * 86_400 * second, 400 * 86_400 * second]) {
    expect(timeScale(0, to, [0, 100]).ticks.length).toBeLessThanOrEqual(9);
  }
});

test('of labels that would touch the earlier is left out', () => {
  const ticks = [0, 10, 60, 64].map((at) => ({ at, label: '10 ms' }));
  expect(spaced(ticks).map(({ at }) => at)).toEqual([10, 64]);
});

test('a heatmap: one path a shade, neighbours joined, nothing where nothing was', () => {
  const points = [0, 1, 2, 3].flatMap((at) => [[at, 10, 8] as const, [at, 1000, at === 3 ? 1 : 0] as const]);
  const grid = heatGrid(points, { columns: 4, rows: 3 })!;
  expect(grid.counts).toEqual([
    [8, 0, 0],
    [8, 0, 0],
    [8, 0, 0],
    [8, 0, 1],
  ]);
  const svg = sound(heatmap({ ...label, unit: 'ns', grid, events: [{ at: 1, label: 'spike' }] }));
  expect(svg.match(/class="heat/g)).toHaveLength(2);
  expect(svg).toMatch(/class="heat h7" d="M72,\d+(\.\d)?h632v[\d.]+h-632z"/);
  expect(svg).toContain('>spike</text>');
});

test('nothing to show is no grid', () => {
  expect(heatGrid([], { columns: 4, rows: 3 })).toBeUndefined();
  expect(
    heatGrid(
      [
        [1, 5],
        [1, 6],
      ],
      { columns: 4, rows: 3 },
    ),
  ).toBeUndefined();
  expect(
    heatGrid(
      [
        [1, 0],
        [2, NaN],
      ],
      { columns: 4, rows: 3 },
    ),
  ).toBeUndefined();
});

test('panes share one axis of time', () => {
  const points = [
    [second, 10],
    [3 * second, 30],
  ] as const;
  const panes = [
    {
      unit: '1/s' as const,
      lines: [
        { name: 'intended', rounds: [points], intended: true },
        { name: 'sent', rounds: [points, points] },
      ],
    },
    { unit: 'ns' as const, lines: [{ name: 'p99', rounds: [points] }] },
  ];
  const svg = sound(coursePlot({ ...label, panes, events: [] }));
  const [intended, sent] = ['line intended', 'line s0'].map((style) => pathOf(svg, style));
  expect(intended).toEqual(sent);
  expect(intended!.map(([x]) => x)).toEqual([282.7, 704]);
  expect(svg.match(/class="line s0" d=/g)).toHaveLength(3);
});

test('the knee: the line goes through the middle of a rate that was tried twice', () => {
  const trials = [
    { rate: 100, throughput: 100, p99: 1e6 },
    { rate: 200, throughput: 150, p99: 5e6 },
    { rate: 200, throughput: 170, p99: 7e6 },
  ];
  const svg = sound(kneePlot({ ...label, trials, capacity: { value: 150, lo: 140, hi: Infinity } }));
  expect(pathOf(svg, 'line s0')).toHaveLength(2);
  expect(svg.match(/<circle/g)).toHaveLength(6);
  expect(svg).toContain('capacity 150/s');
  sound(kneePlot({ ...label, trials: [{ rate: 10 }] }));
});

test('a shift of the tail alone rises to the right', () => {
  const shift = (name: string, value: number) =>
    ({
      name,
      effect: { value, lo: value - 0.01, hi: value + 0.01 },
      decision: value > 0.05 ? 'regressed' : 'unchanged',
    }) as const;
  const svg = sound(shiftPlot({ ...label, shifts: [shift('p50', 0), shift('p99', 0.2)], reach: 0.25, noChange: 0.05 }));
  const [usual, tail] = pathOf(svg, 'line shift');
  expect(usual![1]).toBe(103);
  expect(tail![1]).toBeCloseTo(103 - 0.8 * 89, 1);
});

test('distributions side by side: the slower one lies further right', () => {
  const of = (factor: number) => ({ values: [1, 2, 3].map((value) => value * factor), counts: [1, 1, 1], total: 3 });
  const svg = sound(
    ecdfOverlay({
      ...label,
      unit: 'ns',
      lines: [
        { name: 'a', values: of(1) },
        { name: 'b<', values: of(2) },
      ],
    }),
  );
  const [a, b] = ['line s0', 'line s1'].map((style) => pathOf(svg, style)[0]![0]);
  expect(a!).toBeLessThan(b!);
  expect(svg).toContain('b&lt;');
});

test('costs that double with the size are straight', () => {
  const points = [10, 100, 1000].map((size) => [size, size * 5] as const);
  const svg = sound(scalingPlot({ ...label, unit: 'ns', lines: [{ name: 'a', points }] }));
  const [first, second, third] = pathOf(svg, 'line s0');
  expect(second![0] - first![0]).toBeCloseTo(third![0] - second![0], 0);
  expect(second![1] - first![1]).toBeCloseTo(third![1] - second![1], 0);
});

test('a trend with its regimes, changes, limit and next run', () => {
  const values = [10, 10, 12, 12];
  const regimes = [
    { from: 0, to: 1, level: 10 },
    { from: 2, to: 3, level: 12 },
  ];
  const svg = sound(
    trendPlot({
      ...{ ...label, unit: 'ns', values, regimes },
      changes: [{ index: 2, label: '+20 %', news: 'worse' }],
      limit: { value: 15, label: 'p99 < 15ns' },
      next: { lo: 11, hi: 13 },
    }),
  );
  const levels = [...svg.matchAll(/class="regime" d="M([\d.]+),([\d.]+)L([\d.]+),([\d.]+)"/g)].map((match) =>
    match.slice(1).map(Number),
  );
  expect(levels).toHaveLength(2);
  expect(levels[0]![2]).toBe(levels[1]![0]);
  expect(levels[0]![1]).toBeGreaterThan(levels[1]![1]!);
  expect(svg).toMatch(/class="news worse"/);
  const many = Array.from({ length: 5000 }, (_, i) => (i === 2500 ? 90 : 10));
  const long = sound(trendPlot({ ...label, unit: 'ns', values: many, regimes: [], changes: [] }));
  expect(long.match(/<circle/g)!.length).toBeLessThan(700);
  sound(trendPlot({ ...label, unit: 'ns', values: [5], regimes: [], changes: [] }));
});

test('bars are as long as what they show', () => {
  const rows = [
    {
      name: 'p50',
      value: '50 %',
      parts: [
        { part: 0, size: 1 },
        { part: 1, size: 3 },
      ],
    },
    { name: 'none', value: '0', parts: [] },
  ];
  const svg = sound(breakdownBars({ ...label, parts: ['a', 'b'], rows }));
  const widths = [...svg.matchAll(/class="bar s\d" x="[\d.]+" y="[\d.]+" width="([\d.]+)"/g)].map(([, width]) =>
    Number(width),
  );
  expect(widths).toEqual([110, 330]);
});

test('a row of dots for each milestone', () => {
  const milestones = [
    { name: 'port open', values: [1e6, 2e6, 3e6] },
    { name: 'ready', values: [4e6] },
  ];
  const svg = sound(milestoneStrip({ ...label, unit: 'ns', milestones }));
  expect(svg.match(/<circle/g)).toHaveLength(4);
  expect(svg).toContain('>2 ms</text>');
});

test('the band of a slope is as narrow as its interval in the middle and wide at its ends', () => {
  const points = [0, 1, 2].map((i) => [i * second, 100 + 10 * i] as const);
  const trend = { intercept: 100, slope: 10 / second, band: [5 / second, 15 / second] as const };
  const corners = pathOf(sound(seriesPlot({ ...label, unit: 'B', points, trend })), 'slope-band');
  expect(corners).toHaveLength(4);
  expect(corners[0]![0]).toBe(corners[3]![0]);
  expect(corners[0]![1]).toBeLessThan(corners[3]![1]);
});

test('memory over time has marks, whose words stand above it', () => {
  const points = [0, 1, 2].map((i) => [i * second, 100 + 10 * i] as const);
  const [without, marked] = [[], [{ at: second, label: 'a phase begins' }]].map((events) =>
    sound(seriesPlot({ ...label, unit: 'B', points, events })),
  );
  expect(without).not.toContain('class="event"');
  const [, at, y] = /<text x="([\d.]+)" y="([\d.]+)" text-anchor="middle">a phase begins/.exec(marked!)!;
  expect([Number(at), Number(y)]).toEqual([388, 18]);
  expect(Math.min(...[...marked!.matchAll(/cy="([\d.]+)"/g)].map(([, cy]) => Number(cy)))).toBeGreaterThan(26);
});

test('words of events never meet: those of the first in the list stay, and every line is drawn', () => {
  const frame = { left: 0, right: 300, top: 20, bottom: 100 };
  const events = [
    { at: 170, label: 'the peak' },
    { at: 160, label: 'too near' },
    { at: 10, label: 'at the left edge' },
    { at: 115, label: 'behind it' },
    { at: 299, label: 'x'.repeat(100) },
    { at: 400, label: 'outside' },
  ];
  const svg = eventMarks(events, (at) => at, frame);
  expect(svg.match(/<line/g)).toHaveLength(5);
  expect([...svg.matchAll(/<text x="(\d+)"[^>]*>([^<]*)/g)].map(([, x, words]) => [Number(x), words])).toEqual([
    [170, 'the peak'],
    [10, 'at the left edge'],
  ]);
});

test('a heatmap of a stretch of time has room for what lies at its ends', () => {
  const points = [0.5, 1.4, 2.6, 3.5].map((at) => [at, 10] as const);
  const { counts, from, to } = heatGrid(points, { columns: 4, rows: 1, span: [0, 4] })!;
  expect([from, to, counts]).toEqual([0, 4, [[1], [1], [1], [1]]]);
  expect(heatGrid([], { columns: 4, rows: 1, span: [0, 4] })).toBeUndefined();
});
