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

const widestName = 28;

function protocolLines({ name, columns, rankedBy, rows }: ProtocolView, term: Terminal): readonly string[] {
  const names = Math.min(
    widestName,
    greatestOf(rows.map(({ implementation }) => visibleWidth(term.clean(implementation)))),
  );
  const shown = fitting(columns, rows, term.width - 10 - names, term);
  const heading = shown.map(({ title, width }) => pad(title, width, 'start')).join('  ');
  const what = rankedBy === undefined ? 'nothing was timed' : `medians, the fastest ${rankedBy} first`;
  return [
    `${term.bold(` Protocol ${term.name(name, term.width - 50)}`)}  ${term.dim(term.name(what, 38))}`,
    term.dim(`${' '.repeat(7 + names)}  ${heading}`.trimEnd()),
    ...rows.flatMap((row) => rowLines(row, names, shown, term)),
  ];
}

interface Column {
  readonly index: number;
  readonly title: string;
  readonly width: number;
}

/** As many columns as the line has room for, the first first: the report page has all. */
function fitting(
  columns: readonly string[],
  rows: readonly ProtocolRow[],
  room: number,
  term: Terminal,
): readonly Column[] {
  const shown: Column[] = [];
  let left = room;
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
  const start = `   ${pad(rank === undefined ? '-' : String(rank), 2, 'start')}  ${pad(term.name(implementation, names), names)}`;
  if (unranked !== undefined) {
    const why = `not ranked: ${unranked}`;
    if (visibleWidth(start) + 2 + visibleWidth(why) <= term.width) return [`${start}  ${term.yellow(why)}`];
    return [start, ...term.prose(why, 7).map(term.yellow)];
  }
  const figures = shown.map(({ index, width }) => pad(term.clean(cells[index]!), width, 'start')).join('  ');
  return [`${start}  ${figures}`.trimEnd()];
}
