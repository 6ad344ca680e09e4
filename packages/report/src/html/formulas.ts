import { el, nothing, text, type Markup } from '../markup/markup.ts';
import type { BenchmarkView } from '../view/benchmark-view.ts';

/** How figures come about, for the metrics whose names mean other things elsewhere. */
export function formulasOf({ plan }: BenchmarkView): Markup {
  const known = plan.metrics.filter(({ formula }) => formula !== undefined);
  if (known.length === 0) return nothing;
  return el(
    'details',
    {},
    el('summary', {}, text('How these figures come about')),
    el(
      'ul',
      {},
      known.map(({ id, formula }) => el('li', {}, el('b', {}, text(id)), text(` = ${formula!}`))),
    ),
  );
}
