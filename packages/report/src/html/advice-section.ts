import type { Report } from '@perfkeel/core';
import { el, nothing, text, type Markup } from '../markup/markup.ts';
import { recommendationsOf, type Recommendation } from '../view/recommendations.ts';

/** What is known about every objective that was not kept, and what to try. */
export function adviceSection(report: Report): Markup {
  const recommendations = recommendationsOf(report);
  if (recommendations.length === 0) return nothing;
  return el('section', {}, el('h2', {}, text('What stands behind it')), ...recommendations.map(advice));
}

const advice = ({ benchmark, objective, kind, fate, evidence, attempts }: Recommendation): Markup =>
  el(
    'div',
    { class: `advice ${kind}` },
    el('h3', {}, text(`${benchmark} `), el('code', {}, text(objective))),
    el('p', {}, text(fate)),
    ...(evidence.length === 0 ? [] : [el('h4', {}, text('Evidence')), listOf(evidence)]),
    el('h4', {}, text('Try')),
    listOf(attempts),
  );

const listOf = (items: readonly string[]): Markup =>
  el(
    'ul',
    {},
    items.map((item) => el('li', {}, text(item))),
  );
