import type { Report } from '@perfkeel/core';
import { qualifications, reportPhrases, reportVerdict, verdictTitles } from '../view/verdict-words.ts';
import { tookWords } from '../view/words.ts';
import { paintOf, type Terminal } from './terminal.ts';
import { flow, visibleWidth } from './text-width.ts';

/** The verdict, what it counts, how long it took; then whatever qualifies it. */
export function verdictSection(report: Report, term: Terminal): readonly string[] {
  const kind = reportVerdict(report);
  const title = ` ${verdictTitles[kind]} `;
  const badge = term.bold(term.inverse(paintOf(term, kind)(title)));
  const duration = tookWords(report.run).join('');
  const room = term.width - title.length - 2 - duration.length - 2;
  const counts = reportPhrases(report);
  const project = term.name(report.run.provenance.project, Math.min(30, room - 2));
  // Beside the badge while there is a column that can be read, else below it.
  const beside = room >= leastColumn;
  const lines = beside ? flow([`${project}  `, ...dotted(counts, term)], room, '') : [project];
  const [first = '', ...rest] = lines.map((line) => line.replace(/ . $/u, ''));
  const gap = ' '.repeat(room - visibleWidth(first) + 2);
  return [
    duration === '' ? `${badge} ${first}` : `${badge} ${first}${gap}${term.dim(duration)}`,
    ...rest.map((line) => ' '.repeat(title.length + 1) + line),
    ...(beside ? [] : term.phrases(counts, 1, ` ${term.glyphs.dot} `)),
    ...qualifications(report.run).flatMap((text) => term.prose(text, 1).map(term.yellow)),
  ];
}

/** Each with the dot that separates it from the next. */
const dotted = (counts: readonly string[], { glyphs }: Terminal): readonly string[] =>
  counts.map((text, i) => (i < counts.length - 1 ? `${text} ${glyphs.dot} ` : text));

const leastColumn = 36;
