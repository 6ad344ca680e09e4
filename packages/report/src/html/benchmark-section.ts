import type { Report } from '@perfkeel/core';
import { el, nothing, text, type Markup } from '../markup/markup.ts';
import { isBatched, viewBenchmarks, type BenchmarkView } from '../view/benchmark-view.ts';
import { describeMeasured, evidenceItems } from '../view/evidence.ts';
import { viewParts } from '../view/part-view.ts';
import { componentsFigure, partsFigure } from './breakdown-figures.ts';
import { courseFigure } from './course-figure.ts';
import { formulasOf } from './formulas.ts';
import { heatmapFigures } from './heatmap-figure.ts';
import { kneeFigure } from './knee-figure.ts';
import { milestonesFigure } from './milestones-figure.ts';
import { percentileFigure } from './percentile-figure.ts';
import { roundsFigure } from './rounds-figure.ts';
import { slopeFigures } from './slope-figure.ts';

/** What each benchmark measured, with its drawings and the data behind them. */
export function benchmarkSections({ run }: Report): Markup {
  const sections = viewBenchmarks(run).map(benchmarkSection);
  return sections.length === 0
    ? nothing
    : el('section', { class: 'benchmark' }, el('h2', {}, text('Evidence')), ...sections);
}

function benchmarkSection(view: BenchmarkView, index: number): Markup {
  const id = `b${index}`;
  return el(
    'section',
    { class: 'benchmark', id },
    el('h3', {}, text(view.plan.id)),
    el('p', { class: 'quiet' }, text(view.metrics.length > 0 ? describeMeasured(view) : 'nothing was measured')),
    el(
      'ul',
      { class: 'figures' },
      itemsOf(view).map((item) => el('li', {}, figureOf(item))),
    ),
    formulasOf(view),
    el('div', { class: 'plots' }, figuresOf(view, id)),
  );
}

/** What phases and endpoints measured stands in a drawing of its own. */
function itemsOf(view: BenchmarkView): readonly string[] {
  const parts = viewParts(view).map(({ name }) => `${name}.`);
  const items = evidenceItems(view);
  return parts.length < 2 ? items : items.filter((item) => !parts.some((part) => item.startsWith(part)));
}

/** Every drawing for which there is data. */
function figuresOf(view: BenchmarkView, id: string): readonly Markup[] {
  const { primary } = view;
  const milestones = milestonesFigure(view, `${id}m`);
  return [
    primary ? percentileFigure(view, primary, `${id}p`) : nothing,
    componentsFigure(view, `${id}c`),
    partsFigure(view, `${id}q`),
    kneeFigure(view, `${id}k`),
    courseFigure(view, `${id}t`),
    ...heatmapFigures(view, `${id}h`),
    ...slopeFigures(view, `${id}s`),
    milestones,
    primary && milestones === nothing ? roundsFigure(primary, isBatched(view.plan), `${id}r`) : nothing,
  ];
}

/** `p99 160 ms`: the name is quieter than the figure. */
function figureOf(item: string): readonly Markup[] {
  const blank = item.search(/ (?=(?:≥ )?[−-]?[\d[])/) + 1;
  return [el('span', {}, text(item.slice(0, blank))), text(item.slice(blank))];
}
