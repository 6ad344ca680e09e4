import type { ComparisonReport, Report } from '@perfkeel/core';
import { allRows, defaultNoChange, isNews, reachOf, type ComparisonRow } from '../view/comparison-row.ts';
import { basisWords, gateWords, quietWords, roundsWords } from '../view/comparison-words.ts';
import { greatestOf } from '../view/extent.ts';
import { forestStrip, stripHeading } from './forest-strip.ts';
import { paintOf, type Terminal } from './terminal.ts';
import { pad, visibleWidth } from './text-width.ts';

/** Changes against the other run, with their intervals drawn; what did not change is a count. */
export function comparisonSection(
  { run, comparison }: Report,
  term: Terminal,
  noChange = defaultNoChange,
): readonly string[] {
  if (!comparison) return [];
  const all = allRows(run, comparison.comparisons);
  const shown = all.filter(({ comparison: each }) => isNews(each) || (term.verbose && each.decision !== 'identical'));
  const layout = layoutOf(shown, term, noChange);
  const hidden = all.length - shown.length;
  return [
    ...headingLines(comparison, layout, term, shown.length > 0),
    ...gateWords(run, shown)
      .flatMap((words) => term.prose(words, before))
      .map(term.dim),
    ...shown.flatMap((row) => rowLines(row, layout, term)),
    ...(hidden > 0
      ? term.prose(quietWords(term.verbose ? onlyIdentical(comparison) : comparison), before).map(term.dim)
      : []),
    ...(all.length === 0 ? ['   nothing in common to compare'] : []),
    ...basisLines(comparison, term),
  ];
}

const onlyIdentical = (report: ComparisonReport): ComparisonReport => ({
  ...report,
  comparisons: report.comparisons.filter(({ decision }) => decision === 'identical'),
});

/** What was held against what, and how to do it again. */
function basisLines(comparison: ComparisonReport, term: Terminal): readonly string[] {
  const words = basisWords(comparison);
  const rounds = roundsWords(comparison);
  if (words.length === 0) return [];
  return [
    ...term.prose([...words, ...(rounds === undefined ? [] : [`Took ${rounds}.`])].join(' '), before),
    // As a whole, on as many lines as it takes: half a command is none.
    ...(comparison.reproduce === undefined ? [] : term.prose(comparison.reproduce, 10, '   Again:')),
  ];
}

interface Layout {
  readonly name: number;
  readonly change: number;
  /** Columns of the values of both sides; 0 where they get a line of their own. */
  readonly values: number;
  readonly strip: number;
  readonly stripAt: number;
  readonly reach: number;
  readonly noChange: number;
  /** Whether each part of a row has a line, because the screen is too narrow for columns. */
  readonly stacked: boolean;
}

const before = 3;
const widestWord = 11;
const narrowestStrip = 17;
/** Below that a strip shows nothing. */
const [leastStrip, widestStrip] = [13, 41] as const;
/** Names that are longer are cut rather than values moved to another line. */
const widestName = 28;

/** `86.6 µs → 105 µs` */
const valuesOf = ({ base, head }: ComparisonRow): string => `${base} → ${head}`;

function layoutOf(rows: readonly ComparisonRow[], term: Terminal, noChange: number): Layout {
  const widest = (texts: readonly string[]): number =>
    greatestOf(
      texts.map((text) => visibleWidth(term.clean(text))),
      0,
    );
  const mark = visibleWidth(term.mark('pass')) + 1;
  const drawn = rows.filter(({ comparison }) => comparison.effect);
  const change = widest(drawn.map((row) => row.change));
  const room = term.width - before - mark - 2 - change - 2 - 2 - widestWord;
  const longest = widest(drawn.map((row) => row.label));
  const wanted = widest(drawn.map(valuesOf)) + 2;
  const values = room - wanted >= Math.min(longest, widestName) + narrowestStrip ? wanted : 0;
  const free = room - values;
  const name = Math.min(longest, Math.max(14, free - narrowestStrip));
  const stacked = free - name < leastStrip;
  const strip = Math.min(stacked ? term.width - before - 4 : free - name, widestStrip);
  return {
    name,
    change,
    values,
    stacked,
    strip: strip % 2 === 1 ? strip : strip - 1,
    stripAt: stacked ? before + 4 : before + mark + name + 2 + values + change + 2,
    reach: reachOf(
      rows.map(({ comparison }) => comparison),
      noChange,
    ),
    noChange,
  };
}

function headingLines({ base }: ComparisonReport, layout: Layout, term: Terminal, drawn: boolean): readonly string[] {
  const title = ` Change against ${term.name(base.label, term.width - 20)}`;
  if (!drawn) return [term.bold(title)];
  const axis = stripHeading(layout.strip, layout.reach);
  if (visibleWidth(title) + 1 <= layout.stripAt) return [term.bold(pad(title, layout.stripAt)) + axis];
  return [term.bold(title), ' '.repeat(layout.stripAt) + axis];
}

function rowLines(row: ComparisonRow, layout: Layout, term: Terminal): readonly string[] {
  const { verdict } = row.comparison;
  const { drawn } = row;
  const start = `${' '.repeat(before)}${term.mark(verdict.kind)} `;
  const needs = verdict.needs === undefined ? [] : [`would be decided by ${verdict.needs}`];
  if (!drawn)
    return [
      start + term.name(row.label, term.width - visibleWidth(start)),
      ...[row.change, ...needs].flatMap((words) => term.prose(words, before + 4)),
    ];
  const below = [...(layout.values === 0 ? [valuesOf(row)] : []), ...needs].join(', ');
  const strip = forestStrip(drawn, layout, term.glyphs.strip);
  const paint = paintOf(term, verdict.kind);
  const word = paint(`${term.glyphs.direction[row.direction]} ${row.word}`);
  if (layout.stacked)
    return [
      start + term.name(row.label, term.width - visibleWidth(start)),
      ...term
        .phrases([row.change, `${term.glyphs.direction[row.direction]} ${row.word}`.trim()], before + 4)
        .map(paint),
      ' '.repeat(layout.stripAt) + strip.trimEnd(),
      ...term.prose([valuesOf(row), ...needs].join(', '), before + 4),
    ];
  const name = pad(term.name(row.label, layout.name), layout.name);
  const values = layout.values === 0 ? '' : `${pad(term.clean(valuesOf(row)), layout.values - 2)}  `;
  const change = pad(term.clean(row.change), layout.change);
  return [
    `${start}${name}  ${values}${change}  ${strip}  ${word}`,
    ...(below === '' ? [] : term.prose(below, before + 4)),
  ];
}
