import { formatQuantity, type VerdictKind } from '@perfkeel/core';
import { escapeMarkdown } from '../markdown/escape.ts';
import { signs } from '../markdown/sections.ts';
import { markdownTable } from '../markdown/table.ts';
import { shownEffect, shownWords } from '../view/shown-effect.ts';
import { plural } from '../view/words.ts';
import type { CiProject, CiReport, CiRow } from './ci-report.ts';
import { fateOf, type Fate, type Placed } from './rank-rows.ts';

/** How long a name may be. */
export interface NameRoom {
  readonly name: number;
  readonly reason: number;
}

export const roomy: NameRoom = { name: 200, reason: 300 };

const signOf: Record<Fate, string> = {
  failing: signs.fail,
  warned: signs.warn,
  undecided: signs.inconclusive,
  accepted: '☑️',
  improved: '🎉',
  quiet: signs.pass,
};

/** `orders` › checkout p99; the project goes without saying when there is one only. */
export function nameOf({ projects }: CiReport, project: CiProject, label: string, room: NameRoom): string {
  const leg = project.leg === undefined ? '' : ` (${escapeMarkdown(project.leg, room.name)})`;
  const owner = projects.length > 1 ? `${escapeMarkdown(project.project, room.name)}${leg} › ` : '';
  return `${owner}${escapeMarkdown(label, room.name)}`;
}

export const signOfVerdict = (kind: VerdictKind): string => signs[kind];

/** `+14.6 % [11.2, 18.1] slower`, `+99.0 points [97.1, 100] worse`; why not, when there is no effect. */
export function changeOf({ effect, decision, unit, base, reason }: CiRow): string {
  if (!effect) return decision === 'identical' ? 'the same code' : escapeMarkdown(reason ?? 'cannot be compared');
  const up = effect.value >= 0;
  const time = unit === 'ns';
  const words: Partial<Record<CiRow['decision'], string>> = {
    regressed: time && up ? ' slower' : ' worse',
    accepted: time && up ? ' slower' : ' worse',
    improved: time && !up ? ' faster' : ' better',
  };
  return `${escapeMarkdown(shownWords(shownEffect(effect, unit, base)))}${words[decision] ?? ''}`;
}

function remarkOf(row: CiRow, room: NameRoom): string {
  const { acceptance, needs, rounds } = row;
  if (acceptance) {
    const state = { accepted: 'accepted', expired: 'acceptance expired', exceeded: 'acceptance exceeded' };
    const said = escapeMarkdown(acceptance.message, room.reason);
    return `${state[acceptance.state]} (${escapeMarkdown(acceptance.id, 80)}): ${said}`;
  }
  if (fateOf(row) === 'undecided') {
    // Without an effect the reason stands in its place already.
    const why = row.reason === undefined || !row.effect ? 'undecided' : escapeMarkdown(row.reason, room.reason);
    return needs === undefined ? why : `${why}; would be decided by ${escapeMarkdown(needs, room.reason)}`;
  }
  return rounds > 0 ? `${plural(rounds, 'round')} a side` : '';
}

const titles = ['', 'benchmark', 'base#', 'this#', 'change (95 %)', ''];

/** A table of compared metrics, every row that it is given. */
export function rowsTable(report: CiReport, rows: readonly Placed<CiRow>[], room: NameRoom = roomy): string {
  return markdownTable(
    titles,
    rows.map(({ project, row }) => [
      signOf[fateOf(row)],
      nameOf(report, project, row.label, room),
      row.base === undefined ? 'no value' : formatQuantity(row.base, row.unit),
      row.head === undefined ? 'no value' : formatQuantity(row.head, row.unit),
      changeOf(row),
      remarkOf(row, room),
    ]),
  );
}
