import type { Report } from '@perfkeel/core';
import { el, nothing, text, type Markup } from '../markup/markup.ts';
import { memberText, viewBenchmarks } from '../view/benchmark-view.ts';
import { standingText, viewGroups, type GroupView } from '../view/group-view.ts';
import { ecdfFigure } from './overlay-figures.ts';
import { columns, table } from './table.ts';

/** Alternatives side by side, each with its distance to the best. */
export function groupsSection({ run }: Report): Markup {
  const groups = viewGroups(viewBenchmarks(run));
  if (groups.length === 0) return nothing;
  return el('section', {}, el('h2', {}, text('Side by side')), ...groups.map((group, i) => groupTable(group, `g${i}`)));
}

function groupTable(group: GroupView, id: string): Markup {
  const { name, label, members, bestWord } = group;
  return el(
    'div',
    {},
    el('h3', {}, text(name)),
    table(
      columns('alternative', `${label}#`, `change from the ${bestWord}`),
      members.map((member) => [
        text(member.benchmark.plan.id),
        text(memberText(member, group)),
        text(standingText(member, group)),
      ]),
    ),
    ecdfFigure(group, id),
  );
}
