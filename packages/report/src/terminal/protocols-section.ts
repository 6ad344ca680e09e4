import type { Report } from '@perfkeel/core';
import { viewBenchmarks } from '../view/benchmark-view.ts';
import { greatestOf } from '../view/extent.ts';
import { viewProtocols, type ProtocolRow, type ProtocolView } from '../view/protocol-view.ts';
import type { Terminal } from './terminal.ts';
import { pad, visibleWidth } from './text-width.ts';

/** Implementations of a protocol, ranked: quality beside speed. */
export function protocolsSection({ run }: Report, term: Terminal): readonly string[] {
  return viewProtocols(viewBenchmarks(run)).flatMap((view, i) => [
    ...(i > 0 ? [''] : []),
    ...protocolLines(view, term),
  ]);
}

/** The families of benchmarks whose figures stand in these tables, as far as the line has room for their columns. */
export const familiesInProtocols = ({ run }: Report, term: Terminal): readonly string[] =>
  viewProtocols(viewBenchmarks(run)).flatMap((view) =>
    fitting(view, namesWidth(view, term), term).map(({ index }) => view.families[index]!),
  );

const widestName = 28;

const namesWidth = ({ rows }: ProtocolView, term: Terminal): number =>
  Math.min(
    widestName,
    term.width >> 1,
    greatestOf(rows.map(({ implementation }) => visibleWidth(term.clean(implementation)))),
  );

function protocolLines(view: ProtocolView, term: Terminal): readonly string[] {
  const { name, order, rows } = view;
  const names = namesWidth(view, term);
  const shown = fitting(view, names, term);
  const heading = shown.map(({ title, width }) => pad(title, width, 'start')).join('  ');
  return [
    ...headingLines(name, order, term),
    term.dim(`${' '.repeat(7 + names)}  ${heading}`.trimEnd()),
    ...rows.flatMap((row) => rowLines(row, names, shown, term)),
  ];
}

/** The order stands below the name where there is little room beside it. */
function headingLines(name: string, order: string, term: Terminal): readonly string[] {
  if (term.width < 80)
    return [term.bold(` Protocol ${term.name(name, term.width - 10)}`), ...term.prose(order, 3).map(term.dim)];
  return [`${term.bold(` Protocol ${term.name(name, term.width - 50)}`)}  ${term.dim(term.name(order, 38))}`];
}

interface Column {
  readonly index: number;
  readonly title: string;
  readonly width: number;
}

/** As many columns as the line has room for, the first first: the report page has all. */
function fitting({ columns, rows }: ProtocolView, names: number, term: Terminal): readonly Column[] {
  const shown: Column[] = [];
  let left = term.width - 10 - names;
  for (const [index, name] of columns.entries()) {
    const title = term.name(name, 16);
    const width = Math.max(visibleWidth(title), greatestOf(rows.map(({ cells }) => visibleWidth(cells[index]!))));
    if (width + 2 > left) break;
    left -= width + 2;
    shown.push({ index, title, width });
  }
  return shown;
}

function rowLines(row: ProtocolRow, names: number, shown: readonly Column[], term: Terminal): readonly string[] {
  const { rank, implementation, cells, unranked } = row;
  const place = rank === undefined ? (unranked === undefined ? '' : '-') : String(rank);
  const start = `   ${pad(place, 2, 'start')}  ${pad(term.name(implementation, names), names)}`;
  if (unranked !== undefined) {
    const why = `not ranked: ${unranked}`;
    if (visibleWidth(start) + 2 + visibleWidth(why) <= term.width) return [`${start}  ${term.yellow(why)}`];
    return [start, ...term.prose(why, 7).map(term.yellow)];
  }
  const figures = shown.map(({ index, width }) => pad(term.clean(cells[index]!), width, 'start')).join('  ');
  return [`${start}  ${figures}`.trimEnd()];
}
