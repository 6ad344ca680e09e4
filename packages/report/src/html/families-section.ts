import { formatNumber, formatQuantity, type Report } from '@perfkeel/core';
import { el, nothing, text, type Markup } from '../markup/markup.ts';
import { viewBenchmarks } from '../view/benchmark-view.ts';
import { growthText, viewFamilies, type FamilyView } from '../view/family-view.ts';
import { columns, table } from './table.ts';

/** Benchmarks over several sizes, with how they grow. */
export function familiesSection({ run }: Report): Markup {
  const families = viewFamilies(viewBenchmarks(run));
  if (families.length === 0) return nothing;
  return el('section', {}, el('h2', {}, text('Over sizes')), ...families.map(familyTable));
}

function familyTable(family: FamilyView): Markup {
  const { name, parameter, metric, label, members } = family;
  return el(
    'div',
    {},
    el('h3', {}, text(name)),
    el('p', {}, text(growthText(family))),
    table(
      columns(`${parameter}#`, `${label}#`),
      members.map(({ size, value }) => [
        text(formatNumber(size)),
        text(value === undefined || !metric ? 'no value' : formatQuantity(value, metric.unit)),
      ]),
    ),
  );
}
