import { formatNumber, type Report } from '@perfkeel/core';
import { el, nothing, text, type Markup } from '../markup/markup.ts';
import { memberText, viewBenchmarks } from '../view/benchmark-view.ts';
import { growthText, viewFamilies, type FamilyView } from '../view/family-view.ts';
import { scalingFigure } from './overlay-figures.ts';
import { columns, table } from './table.ts';

/** Benchmarks over several sizes, with how they grow. */
export function familiesSection({ run }: Report): Markup {
  const families = viewFamilies(viewBenchmarks(run));
  if (families.length === 0) return nothing;
  return el(
    'section',
    {},
    el('h2', {}, text('Over sizes')),
    ...alike(families).flatMap((some, i) => [...some.map(familyTable), scalingFigure(some, `f${i}`)]),
  );
}

/** Families that differ in anything but their sizes, such as implementations of one thing, share a drawing. */
function alike(families: readonly FamilyView[]): readonly (readonly FamilyView[])[] {
  const sets = new Map<string, FamilyView[]>();
  for (const family of families) {
    const key = JSON.stringify([
      family.members[0]!.benchmark.plan.variant?.family,
      family.parameter,
      family.metric?.id,
    ]);
    sets.set(key, [...(sets.get(key) ?? []), family]);
  }
  return [...sets.values()];
}

function familyTable(family: FamilyView): Markup {
  const { name, parameter, label, members } = family;
  return el(
    'div',
    {},
    el('h3', {}, text(name)),
    el('p', {}, text(growthText(family))),
    table(
      columns(`${parameter}#`, `${label}#`),
      members.map((member) => [text(formatNumber(member.size)), text(memberText(member, family))]),
    ),
  );
}
