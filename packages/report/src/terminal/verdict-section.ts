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
  const lines = flow(phrases(report, term), room, '');
  const [first = '', ...rest] = lines.map((line) => line.replace(/ . $/u, ''));
  const gap = ' '.repeat(room - visibleWidth(first) + 2);
  return [
    duration === '' ? `${badge} ${first}` : `${badge} ${first}${gap}${term.dim(duration)}`,
    ...rest.map((line) => ' '.repeat(title.length + 1) + line),
    ...qualifications(report.run).flatMap((text) => term.prose(text, 1).map(term.yellow)),
  ];
}

/** The project, then the counts, each with the dot that separates it from the next. */
function phrases(report: Report, term: Terminal): readonly string[] {
  const counts = reportPhrases(report);
  const dotted = counts.map((text, i) => (i < counts.length - 1 ? `${text} ${term.glyphs.dot} ` : text));
  return [`${term.name(report.run.provenance.project, 30)}  `, ...dotted];
}
