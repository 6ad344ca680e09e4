import type { Report } from '@perfkeel/core';
import { el, nothing, text, type Markup } from '../markup/markup.ts';
import { environmentPairs, provenancePairs } from '../view/environment-words.ts';
import { nextSteps } from '../view/next-steps.ts';
import { nameSome, remarksOf } from '../view/remarks.ts';
import { pairsTable } from './table.ts';

/** Remarks about measurements: none of them stops anything, none of them is silent. */
export function remarksSection(report: Report): Markup {
  const remarks = remarksOf(report);
  if (remarks.length === 0) return nothing;
  const items = remarks.map(({ message, about }) =>
    el('li', {}, text(about.length === 0 ? message : `${nameSome(about, 6)}: ${message}`)),
  );
  return el('section', {}, el('h2', {}, text('Remarks')), el('ul', {}, items));
}

/** The machine, and what makes it doubtful. */
export const environmentSection = ({ run: { environment } }: Report): Markup =>
  el(
    'section',
    {},
    el('h2', {}, text('Environment')),
    ...environment.warnings.map(({ message }) => el('p', { class: 'note' }, text(message))),
    pairsTable(environmentPairs(environment)),
  );

/** What was measured, and with what. */
export const provenanceSection = ({ run }: Report): Markup =>
  el('section', {}, el('h2', {}, text('Provenance')), pairsTable(provenancePairs(run)));

/** Commands to type next. */
export function nextSection(report: Report): Markup {
  const steps = nextSteps(report);
  if (steps.length === 0) return nothing;
  const items = steps.map(({ command, purpose }) =>
    el('li', {}, el('code', {}, text(command)), el('span', { class: 'quiet' }, text(` ${purpose}`))),
  );
  return el('section', { id: 'next' }, el('h2', {}, text('What to do next')), el('ul', {}, items));
}
