import type { Report } from '@perfkeel/core';
import { memberText, viewBenchmarks } from '../view/benchmark-view.ts';
import { groupsBeside, standingText, type GroupMember, type GroupView } from '../view/group-view.ts';
import { greatestOf } from '../view/extent.ts';
import { shortNames } from '../view/short-names.ts';
import { valuesOf } from '../view/weighted-values.ts';
import { histogramRow } from './bars.ts';
import { familiesInProtocols } from './protocols-section.ts';
import type { Terminal } from './terminal.ts';
import { pad, visibleWidth } from './text-width.ts';

/** Alternatives side by side, each with its distance to the best. */
export function groupsSection(report: Report, term: Terminal): readonly string[] {
  const shown = term.verbose ? [] : familiesInProtocols(report, term);
  const groups = groupsBeside(viewBenchmarks(report.run), shown);
  return groups.flatMap((group, i) => [...(i > 0 ? [''] : []), ...groupLines(group, term)]);
}

const histogramWidth = 16;

function groupLines(group: GroupView, term: Terminal): readonly string[] {
  const what = group.metric && group.best ? `${group.label} of each, and the change from the ${group.bestWord}` : '';
  const own = shortNames(group.members.map(({ benchmark }) => benchmark.plan.id));
  const rows = group.members.map((member, i) => cellsOf(member, own[i]!, group, term));
  const values = greatestOf(rows.map(({ value }) => visibleWidth(value)));
  const ratios = greatestOf(rows.map(({ ratio }) => visibleWidth(ratio)));
  const drawn = rows.some(({ shape }) => shape !== '');
  const room = term.width - 5 - values - (drawn ? histogramWidth + 2 : 0) - ratios - 4;
  const names = Math.max(12, Math.min(room, greatestOf(rows.map(({ name }) => visibleWidth(name)))));
  const lines = rows.flatMap(({ name, value, shape, ratio }) => {
    const start = `     ${pad(term.name(name, names), names)}  ${pad(value, values, 'start')}`;
    const beside = [start, ...(drawn && room >= 12 ? [pad(shape, histogramWidth)] : []), ratio].join('  ').trimEnd();
    return visibleWidth(beside) <= term.width ? [beside] : [start, ...term.prose(ratio, 7)];
  });
  return [...headingLines(group.name, term.clean(what), term), ...lines];
}

/** The name and what the rows hold; on lines of their own where they have no room side by side. */
function headingLines(group: string, what: string, term: Terminal): readonly string[] {
  const name = term.name(group, term.width - 8);
  const heading = term.bold(` Group ${name}`);
  if (what === '') return [heading];
  if (7 + visibleWidth(name) + 2 + visibleWidth(what) <= term.width) return [`${heading}  ${term.dim(what)}`];
  return [heading, ...term.prose(what, 3).map(term.dim)];
}

interface Cells {
  readonly name: string;
  readonly value: string;
  readonly shape: string;
  readonly ratio: string;
}

function cellsOf(member: GroupMember, name: string, group: GroupView, term: Terminal): Cells {
  const { benchmark } = member;
  const values = benchmark.primary && valuesOf(benchmark.primary);
  return {
    name: term.clean(name),
    value: term.clean(memberText(member, group)),
    shape: values && values.total >= 30 ? histogramRow(values, histogramWidth, term.glyphs.bars) : '',
    ratio: term.clean(standingText(member, group)),
  };
}
