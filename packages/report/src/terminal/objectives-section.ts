import type { Report } from '@perfkeel/core';
import { viewBenchmarks } from '../view/benchmark-view.ts';
import { greatestOf } from '../view/extent.ts';
import { excessOf, objectiveRows, type ObjectiveRow } from '../view/objective-row.ts';
import { paintOf, type Terminal } from './terminal.ts';
import { adviceFor, type AdviceByRow, type ShortAdvice } from './objective-advice.ts';
import { pad, visibleWidth } from './text-width.ts';

interface Columns {
  readonly name: number;
  readonly objective: number;
  readonly value: number;
  /** Where the note begins, and what is left for it. */
  readonly noteAt: number;
}

/** Every objective with its value and its headroom, the worst first. */
export function objectivesSection({ run }: Report, term: Terminal, advice: AdviceByRow): readonly string[] {
  const all = objectiveRows(viewBenchmarks(run));
  const rows = term.verbose ? all : withoutRepeatedNeeds(withoutRoomy(all));
  if (rows.length === 0) return [];
  const columns = columnsOf(rows, term);
  const linesOf = (row: ObjectiveRow): readonly string[] =>
    columns === undefined ? stackedLines(row, term) : rowLines(row, columns, term);
  const lines = rows.flatMap((row) => [...linesOf(row), ...adviceLines(adviceFor(advice, row), term)]);
  const more = all.length - rows.length;
  const rest = more === 0 ? [] : term.prose(`${more} more are kept: --verbose shows them`, before).map(term.dim);
  return [term.bold(' Objectives'), ...lines, ...rest];
}

/** Beyond so many kept objectives, a wall of them hides the others; then so many are shown. */
const [wall, mostKept] = [15, 12];

/** Without the kept objectives that have the most room, where there are many. */
function withoutRoomy(rows: readonly ObjectiveRow[]): readonly ObjectiveRow[] {
  const kept = rows.filter(({ kind }) => kind === 'pass');
  if (kept.length <= wall) return rows;
  const room = ({ judgement, asExpected }: ObjectiveRow): number =>
    asExpected ? Infinity : -(excessOf(judgement) ?? -Infinity);
  const roomy = new Set([...kept].sort((a, b) => room(a) - room(b) || 0).slice(mostKept));
  return rows.filter((row) => !roomy.has(row));
}

const before = 3;

/** `undefined` where the line is too narrow for columns: then each part of a row has a line. */
function columnsOf(rows: readonly ObjectiveRow[], term: Terminal): Columns | undefined {
  const widest = (texts: readonly string[]): number => greatestOf(texts.map((text) => visibleWidth(term.clean(text))));
  const mark = visibleWidth(term.mark('pass')) + 1;
  const value = widest(rows.map((row) => row.value));
  const longest = widest(rows.map((row) => row.objective));
  const objective = Math.min(longest, Math.floor(term.width * 0.34));
  const left = term.width - before - mark - 2 - objective - 2 - value;
  if (term.width < leastForColumns && (left < leastName || objective < longest)) return undefined;
  // Names give way, so that most notes have their place beside the value; to a third of the line they need not.
  const forNotes = left - 2 - usualNote(rows, term);
  const name = Math.min(
    widest(rows.map((row) => row.benchmark)),
    left,
    Math.max(leastName, Math.min(forNotes, Math.floor(term.width / 3))),
  );
  return { name, objective, value, noteAt: before + mark + name + 2 + objective + 2 + value + 2 };
}

/** Names and objectives may be cut in the columns of wider screens. */
const leastForColumns = 80;

/** Shorter names are hard to tell apart. */
const leastName = 16;

/** The width that is enough for three notes of four; longer ones stand below. */
function usualNote(rows: readonly ObjectiveRow[], term: Terminal): number {
  const widths = rows.map(({ note }) => visibleWidth(term.clean(note))).sort((a, b) => a - b);
  return widths[Math.floor((widths.length - 1) * 0.75)]!;
}

/** Several objectives of one benchmark are often decided by the same: then the first says it. */
function withoutRepeatedNeeds(rows: readonly ObjectiveRow[]): readonly ObjectiveRow[] {
  const said = new Set<string>();
  return rows.map((row) => {
    const key = JSON.stringify([row.benchmark, row.needs]);
    const isSaid = row.needs !== undefined && said.has(key);
    said.add(key);
    return isSaid ? { ...row, needs: undefined } : row;
  });
}

function rowLines(row: ObjectiveRow, columns: Columns, term: Terminal): readonly string[] {
  const paint = paintOf(term, row.kind);
  const start = [
    `${' '.repeat(before)}${term.mark(row.kind)} ${pad(term.name(row.benchmark, columns.name), columns.name)}`,
    pad(term.name(row.objective, columns.objective), columns.objective),
    pad(term.clean(row.value), columns.value, 'start'),
  ].join('  ');
  const note = term.clean(row.note);
  const beside = columns.noteAt + visibleWidth(note) <= term.width;
  const needs = row.needs === undefined ? [] : [`would be decided by ${row.needs}`];
  const below = [...(beside ? [] : [note]), ...needs];
  const indent = indentOf(below, columns, term);
  const lines = below.map((text, i) => term.prose(text, indent).map(beside || i > 0 ? (line) => line : paint));
  return [beside ? `${start}  ${paint(note)}` : start, ...lines.flat()];
}

function stackedLines(row: ObjectiveRow, term: Terminal): readonly string[] {
  const start = `${' '.repeat(before)}${term.mark(row.kind)} `;
  const indent = before + 4;
  const paint = paintOf(term, row.kind);
  const { objective, needs } = row;
  const [figures, note] = [`${objective}   ${row.value}`, term.clean(row.note)];
  const beside = indent + visibleWidth(term.clean(figures)) + 3 + visibleWidth(note) <= term.width;
  return [
    start + term.name(row.benchmark, term.width - visibleWidth(start)),
    ...term.phrases([objective, row.value], indent).map((line) => (beside ? `${line}   ${paint(note)}` : line)),
    ...(beside ? [] : term.prose(note, indent).map(paint)),
    ...(needs === undefined ? [] : term.prose(`would be decided by ${needs}`, indent)),
  ];
}

/** Under the objective, because that is what it speaks of; further left where there is no room for that. */
function indentOf(texts: readonly string[], columns: Columns, term: Terminal): number {
  const wanted = before + visibleWidth(term.mark('pass')) + 1 + columns.name + 2;
  return texts.every((text) => wanted + visibleWidth(term.clean(text)) <= term.width) ? wanted : before + 4;
}

const adviceIndent = before + 4;

function adviceLines({ evidence, attempt }: ShortAdvice, term: Terminal): readonly string[] {
  return [
    ...(evidence === undefined ? [] : term.prose(evidence, adviceIndent)),
    ...(attempt === undefined
      ? []
      : term.prose(attempt, adviceIndent + 5, `${' '.repeat(adviceIndent)}try`).map(term.dim)),
  ];
}
