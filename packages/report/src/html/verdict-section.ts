import type { Report } from '@perfkeel/core';
import { el, nothing, text, type Markup } from '../markup/markup.ts';
import { nextSteps } from '../view/next-steps.ts';
import { qualifications, reportPhrases, reportVerdict, verdictTitles } from '../view/verdict-words.ts';
import { tookWords } from '../view/words.ts';

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
    el(
      'p',
      { class: 'quiet' },
      text([when, ...tookWords(run).map((time) => `took ${time}`), `run ${run.id}`].join(', ')),
    ),
    nextLine(report),
    ...qualifications(run).map((message) => el('p', { class: 'note' }, text(message))),
  );
}

/** What is most useful of the end of the page; a page that is open need not say how it is opened. */
function nextLine(report: Report): Markup {
  const [first] = nextSteps(report);
  if (first === undefined || first.command.startsWith('perfkeel report ')) return nothing;
  const words = [el('a', { href: '#next' }, text('Next:')), text(' '), el('code', {}, text(first.command))];
  return el('p', {}, ...words, el('span', { class: 'quiet' }, text(` ${first.purpose}`)));
}
