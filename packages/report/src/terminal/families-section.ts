import { formatNumber, type Report } from '@perfkeel/core';
import { memberText, viewBenchmarks } from '../view/benchmark-view.ts';
import { greatestOf } from '../view/extent.ts';
import { growthText, viewFamilies, type FamilyView } from '../view/family-view.ts';
import type { Terminal } from './terminal.ts';
import { pad, visibleWidth } from './text-width.ts';

/** Benchmarks over several sizes, with how they grow. */
export function familiesSection({ run }: Report, term: Terminal): readonly string[] {
  return viewFamilies(viewBenchmarks(run)).flatMap((family, i) => [
    ...(i > 0 ? [''] : []),
    ...familyLines(family, term),
  ]);
}

function familyLines(family: FamilyView, term: Terminal): readonly string[] {
  const { name, parameter, label, members } = family;
  const rows = members.map((member) => [formatNumber(member.size), memberText(member, family)]);
  const widths = [0, 1].map((column) => greatestOf(rows.map((cells) => visibleWidth(term.clean(cells[column]!)))));
  const lines = rows.map(
    (cells) => `     ${cells.map((cell, column) => pad(term.clean(cell), widths[column]!, 'start')).join('  ')}`,
  );
  const growth = growthText(family);
  return [
    `${term.bold(` Over ${term.name(parameter, 16)}: ${term.name(name, term.width - 24)}`)}`,
    ...term.prose(`${label} by ${parameter}`, 5).map(term.dim),
    ...lines,
    ...(growth === '' ? [] : term.prose(growth, 5)),
  ];
}
