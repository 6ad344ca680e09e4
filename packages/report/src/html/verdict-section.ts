import type { Report } from '@perfkeel/core';
import { el, text, type Markup } from '../markup/markup.ts';
import { qualifications, reportPhrases, reportVerdict, verdictTitles } from '../view/verdict-words.ts';
import { formatDuration } from '../view/words.ts';

/** The verdict, what it counts, and what qualifies it. */
export function verdictSection(report: Report): Markup {
  const { run } = report;
  const kind = reportVerdict(report);
  const when = run.startedAt.replace('T', ' ').replace(/(:\d{2}):\d{2}(?:\.\d+)?Z$/, '$1 UTC');
  return el(
    'header',
    { class: kind },
    el('h1', {}, el('span', { class: `badge ${kind}` }, text(verdictTitles[kind])), text(run.provenance.project)),
    el('p', {}, text(reportPhrases(report).join(' · '))),
    el('p', { class: 'quiet' }, text(`${when}, took ${formatDuration(run.durationMs)}, run ${run.id}`)),
    ...qualifications(run).map((message) => el('p', { class: 'note' }, text(message))),
  );
}
