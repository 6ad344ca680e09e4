import type { Report } from '@perfkeel/core';
import { el, nothing, text, type Markup } from '../markup/markup.ts';
import { viewBenchmarks } from '../view/benchmark-view.ts';
import { formatLocation, viewFailures } from '../view/failure-view.ts';

/** What could not be measured: the message, what fixes it, and the place. */
export function failuresSection({ run }: Report, root?: string): Markup {
  const failures = viewFailures(run);
  const named = new Set(failures.map(({ benchmark }) => benchmark));
  const silent = viewBenchmarks(run).filter(
    ({ plan, verdict }) => verdict.kind === 'could-not-measure' && !named.has(plan.id),
  );
  if (failures.length + silent.length === 0) return nothing;
  return el(
    'section',
    {},
    el('h2', {}, text('Could not measure')),
    ...failures.map(({ benchmark, error, rounds, location }) =>
      el(
        'div',
        { class: 'failure' },
        el('strong', {}, text(benchmark)),
        rounds === '' ? nothing : el('span', { class: 'quiet' }, text(` ${rounds}`)),
        el('pre', {}, text(error.message)),
        error.hint === undefined ? nothing : el('p', {}, text(error.hint)),
        location ? el('p', { class: 'quiet' }, el('code', {}, text(formatLocation(location, root)))) : nothing,
      ),
    ),
    ...silent.map(({ plan, verdict }) =>
      el(
        'div',
        { class: 'failure' },
        el('strong', {}, text(plan.id)),
        el('p', {}, text(verdict.reasons.map(({ message }) => message).join('; '))),
      ),
    ),
  );
}
