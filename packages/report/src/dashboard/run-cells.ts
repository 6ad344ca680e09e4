import type { HistoryPoint } from '@perfkeel/core';
import { el, text, type Markup } from '../markup/markup.ts';
import { link } from './page-shell.ts';
import { minuteOf, shortSha } from './series-words.ts';
import { commitPath } from './site-paths.ts';

/** What tables say of a run, whatever it measured. */
export interface RunCells {
  readonly run: Markup;
  readonly commit: Markup;
  readonly time: Markup;
}

export type CellsOf = (point: HistoryPoint) => RunCells;

/** More runs than tables of a few series hold together. */
const mostKept = 1000;

/**
 * The cells of runs on pages of one folder. Most series were measured by the same runs: what was made for one series is
 * kept for the next.
 *
 * @param page any page of the folder
 */
export function runCells(page: string): CellsOf {
  const kept = new Map<string, { readonly point: HistoryPoint; readonly cells: RunCells }>();
  return (point) => {
    const known = kept.get(point.run);
    if (known !== undefined && isSaidAlike(known.point, point)) return known.cells;
    const cells = cellsOf(point, page);
    if (kept.size >= mostKept) kept.clear();
    kept.set(point.run, { point, cells });
    return cells;
  };
}

const isSaidAlike = (a: HistoryPoint, b: HistoryPoint): boolean =>
  a.sha === b.sha && a.at === b.at && a.branch === b.branch;

const cellsOf = ({ run, at, sha, branch }: HistoryPoint, page: string): RunCells => ({
  run: text(run),
  commit:
    sha === undefined
      ? text(branch ?? '')
      : el('span', {}, link(page, commitPath(sha), shortSha(sha)), text(branch === undefined ? '' : ` ${branch}`)),
  time: el('span', { class: 'whole' }, text(minuteOf(at))),
});
