import { formatQuantity, type Report } from '@perfkeel/core';
import {
  quantileText,
  roundTexts,
  viewBenchmarks,
  type BenchmarkView,
  type MetricView,
} from '../view/benchmark-view.ts';
import { describeMeasured, evidenceItems } from '../view/evidence.ts';
import { formatBound } from '../view/censored.ts';
import { viewComponents } from '../view/component-view.ts';
import { courseName, isDense, seriesOf, viewCourse } from '../view/course-view.ts';
import { viewFamilies } from '../view/family-view.ts';
import { viewGroups } from '../view/group-view.ts';
import { slowStretchText } from '../view/slow-stretch.ts';
import { formatDuration, formatShare, quantileName } from '../view/words.ts';
import { valuesOf } from '../view/weighted-values.ts';
import { histogramRow, sparkline } from './bars.ts';
import type { Terminal } from './terminal.ts';
import { visibleWidth } from './text-width.ts';

const drawingWidth = 32;

/** What each benchmark measured. What has a table of its own, such as members of a group, is here only on demand. */
export function evidenceSection({ run }: Report, term: Terminal): readonly string[] {
  const benchmarks = viewBenchmarks(run);
  const tables = [...viewGroups(benchmarks), ...viewFamilies(benchmarks)];
  const grouped = new Set(tables.flatMap(({ members }) => members.map((member) => member.benchmark)));
  const isElsewhere = (view: BenchmarkView): boolean => grouped.has(view) || view.plan.variant?.role === 'property';
  const shown = benchmarks.filter((view) => view.metrics.length > 0 && (term.verbose || !isElsewhere(view)));
  if (shown.length === 0) return [];
  return [term.bold(' Evidence'), ...shown.flatMap((view) => benchmarkLines(view, term))];
}

function benchmarkLines(view: BenchmarkView, term: Terminal): readonly string[] {
  const series = view.metrics.flatMap((metric) => seriesLines(metric, view, term));
  return [
    ...headingLines(view, term),
    ...term.phrases(evidenceItems(view, term.verbose), 5),
    ...(view.primary ? histogramLine(view.primary, term) : []),
    ...componentLines(view, term),
    ...series,
    ...slowLines(view, term),
    ...(term.verbose ? [...eventLines(view, term), ...formulaLines(view, term)] : []),
    ...(term.verbose && view.primary ? roundsLines(view.primary, term) : []),
  ];
}

function headingLines(view: BenchmarkView, term: Terminal): readonly string[] {
  const measured = term.clean(describeMeasured(view));
  if (term.width - 5 - visibleWidth(measured) < leastName) {
    return [`   ${term.bold(term.name(view.plan.id, term.width - 3))}`, ...term.prose(measured, 5).map(term.dim)];
  }
  const name = term.name(view.plan.id, Math.max(term.width - 5 - visibleWidth(measured), 16));
  const room = term.width - 3 - visibleWidth(name) - 2;
  return [`   ${term.bold(name)}  ${term.dim(term.name(measured, room))}`];
}

/** Beside what was measured; shorter names are hard to tell apart. */
const leastName = 16;

/** `62 % of p99 is backend, 21 % route`: the source of the tail, and beside it where the time goes usually. */
function componentLines(view: BenchmarkView, term: Terminal): readonly string[] {
  const components = viewComponents(view);
  if (!components) return [];
  const { quantiles, rows, metric } = components;
  if (quantiles.length === 0) {
    const parts = rows.flatMap(({ component, value }) =>
      value === undefined ? [] : [`${component} ${formatQuantity(value, metric.unit)}`],
    );
    return term.phrases(parts, 5);
  }
  return [...quantiles.keys()].reverse().flatMap((i) => {
    const parts = rows
      .flatMap(({ component, shares }) => (shares[i] === undefined ? [] : [{ component, share: shares[i] }]))
      .sort((a, b) => b.share - a.share)
      .map(({ component, share }, rank) =>
        rank === 0
          ? `${formatShare(share)} of ${quantileName(quantiles[i]!)} is ${component}`
          : `${formatShare(share)} ${component}`,
      );
    return term.phrases(parts, 5);
  });
}

/** `events   5 s warm-up ends   41 s 12 failed`: what happened meanwhile, in all rounds. */
function eventLines(view: BenchmarkView, term: Terminal): readonly string[] {
  const marks = viewCourse(view)?.marks ?? [];
  if (marks.length === 0) return [];
  return term
    .phrases(['events', ...marks.map(({ at, label }) => `${formatDuration(at / 1e6)} ${label}`)], 5)
    .map(term.dim);
}

/** `ttft = first text − request sent`: how figures come about whose names mean other things elsewhere. */
const formulaLines = ({ plan }: BenchmarkView, term: Terminal): readonly string[] =>
  plan.metrics.flatMap(({ id, formula }) => (formula === undefined ? [] : term.prose(`${id} = ${formula}`, 5)));

/** Below the drawings: when it was slow, where a moment stands out. */
function slowLines(view: BenchmarkView, term: Terminal): readonly string[] {
  const text = slowStretchText(view);
  return text === undefined ? [] : term.prose(text, 5);
}

/** `5 ms ▁▂▅█▅▂▁ 640 ms`: the shape between the least and the greatest value. */
function histogramLine(view: MetricView, term: Terminal): readonly string[] {
  const values = valuesOf(view);
  if (!values || values.total < 30) return [];
  const [from, to] = [values.values[0]!, values.values.at(-1)!];
  if (from === to) return [];
  const draw = (size: number): string => histogramRow(values, size, term.glyphs.bars);
  const line = drawn(draw, drawingWidth, [quantileText(view, 0), quantileText(view, 1)], term);
  const title = '  distribution';
  return [visibleWidth(line) + title.length <= term.width ? line + term.dim(title) : line];
}

/** Beside what was completed these say little in one row of bars: the page draws them together. */
const onlyVerbose: ReadonlySet<string> = new Set(['intended-rate', 'sent-rate', 'failed-rate', 'schedule-lag']);

/** Narrower than a histogram: words stand beside it. */
const seriesWidth = 24;

/** Fewer letters say nothing: then the title stands above. */
const leastTitle = 14;

/** Over time; of several rounds the first stands for all, since they look alike. */
function seriesLines(view: MetricView, { boundFrom = Infinity }: BenchmarkView, term: Terminal): readonly string[] {
  const { id, unit } = view.metric;
  if (!term.verbose && onlyVerbose.has(id)) return [];
  const isCensored = view.censored.some((count) => count > 0);
  const series = seriesOf(view).filter(({ points }) => !isDense(points));
  const drawings = series.map(({ points, round }) => {
    const values = points.map(([, value]) => value);
    const draw = (size: number): string => sparkline(values, size, term.glyphs.bars);
    const textOf = (value: number): string => formatBound(value, unit, isCensored && value >= boundFrom);
    const ends = [textOf(values[0]!), textOf(values.at(-1)!)] as const;
    const line = drawn(draw, seriesWidth, ends, term);
    const title = `${courseName(id)}${id.startsWith('trial-') ? '' : ' over time'}${term.verbose && series.length > 1 ? `, round ${round + 1}` : ''}`;
    const room = term.width - visibleWidth(line) - 2;
    if (room < Math.min(leastTitle, title.length)) return [...term.prose(title, 5).map(term.dim), line];
    return [`${line}  ${term.dim(term.name(title, room))}`];
  });
  return (term.verbose ? drawings : drawings.slice(0, 1)).flat();
}

/** A drawing between two values, `size` columns wide where there is room for so many. */
function drawn(
  draw: (size: number) => string,
  size: number,
  ends: readonly [from: string, to: string],
  term: Terminal,
): string {
  const [from, to] = [term.clean(ends[0]), term.clean(ends[1])];
  const room = term.width - 5 - visibleWidth(from) - 2 - visibleWidth(to);
  return `     ${from} ${draw(Math.min(size, room))} ${to}`;
}

/** One number a round: what comparisons and intervals rest on. */
function roundsLines(view: MetricView, term: Terminal): readonly string[] {
  const texts = roundTexts(view).filter((text) => text !== undefined);
  if (texts.length < 2) return [];
  return term.phrases(['rounds', ...texts], 5, '  ').map(term.dim);
}
