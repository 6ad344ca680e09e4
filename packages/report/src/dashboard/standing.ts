import type { ChangeNews, TrendNote } from '@perfkeel/core';
import { decimate } from '../view/decimate.ts';
import type { DashboardSeries } from './dashboard-series.ts';
import {
  causeWords,
  configurationWords,
  effectSize,
  effectWords,
  fewestRuns,
  isExcused,
  placeWords,
  presentValue,
} from './series-words.ts';
import { seriesPath } from './site-paths.ts';

/** What a list says of a series: small, because a site holds those of all series at once. */
export interface Standing {
  readonly path: string;
  readonly project: string;
  readonly benchmark: string;
  readonly title: string;
  readonly configuration: string;
  readonly environment: string;
  readonly now: number;
  readonly unit: DashboardSeries['unit'];
  /** The shape of the newest runs. */
  readonly spark: readonly (readonly [place: number, value: number])[];
  readonly state: string;
  readonly news: ChangeNews;
  readonly last?: LastChange | undefined;
  /** What else is to be known, in a sentence. */
  readonly note?: string | undefined;
  /** Worst first: the relative size of bad news, negative for good news. */
  readonly badness: number;
  /** Nothing will be added to it. */
  readonly over: boolean;
}

export interface LastChange {
  readonly words: string;
  readonly news: ChangeNews;
  readonly by: string;
  readonly sha?: string | undefined;
  readonly at: string;
  readonly cause: string;
}

/** Changes have words of their own; what is no news since a milestone fills lists with nothing. */
const isTold = ({ kind, news }: TrendNote): boolean =>
  kind !== 'change' && kind !== 'anomaly' && (kind !== 'creep' || news !== 'neither');

/** Runs in the small drawing of a list. */
const [sparkRuns, sparkPoints] = [120, 40] as const;

export function standingOf(series: DashboardSeries): Standing {
  const { key, title, unit, points } = series;
  const newest = points.slice(-sparkRuns).map(({ value }, i) => [i, value] as const);
  const worst = worstOf(series);
  const over = series.removed === true || series.ended === true;
  return {
    path: seriesPath(key),
    ...{ project: key.project, benchmark: key.benchmark, title, environment: key.environment, unit },
    configuration: configurationWords(key.configuration),
    now: presentValue(series),
    spark: decimate(
      newest.filter(([, value]) => Number.isFinite(value)),
      sparkPoints,
    ),
    state: over ? (series.removed ? 'removed' : 'ended') : worst.state,
    news: over ? 'neither' : worst.news,
    last: lastChange(series),
    note: series.notes.find(isTold)?.text,
    badness: over ? -Infinity : worst.badness,
    over,
  };
}

interface Judged {
  readonly state: string;
  readonly news: ChangeNews;
  readonly badness: number;
}

/** The worst of: the last change, a drift that goes on, the change since a named run. */
function worstOf(series: DashboardSeries): Judged {
  const last = series.changes.at(-1);
  const found: Judged[] = [
    ...(last === undefined ? [] : [judged(last.effect.value, isExcused(last) ? 'neither' : last.news, stateOf(last))]),
    ...series.drifts
      .filter(({ goesOn }) => goesOn)
      .map(({ total, news }) => judged(total, news, news === 'worse' ? 'drifts' : 'drifts for the better')),
    ...series.creep
      .filter(({ effect }) => effect.lo > 0 || effect.hi < 0)
      .map(({ since, effect, news }) => judged(effect.value, news, `${news} since ${since}`))
      .filter(({ news }) => news === 'worse'),
  ];
  const state = series.points.length < fewestRuns ? 'too few runs' : 'steady';
  const steady: Judged = { state, news: 'neither', badness: 0 };
  const [worst = steady] = found.sort((a, b) => b.badness - a.badness);
  return worst;
}

const judged = (size: number, news: ChangeNews, state: string): Judged => {
  const known = Number.isNaN(size) ? 0 : Math.abs(size);
  return { state, news, badness: news === 'worse' ? known : news === 'better' ? -known : 0 };
};

const stateOf = ({ cause, accepted, news }: DashboardSeries['changes'][number]): string =>
  cause.kind === 'machine'
    ? 'machine changed'
    : accepted !== undefined
      ? 'accepted'
      : news === 'neither'
        ? 'changed'
        : news;

function lastChange({ changes, unit }: DashboardSeries): LastChange | undefined {
  const last = changes.at(-1);
  if (last === undefined) return undefined;
  const { upTo } = last.range;
  return {
    words:
      Number.isFinite(last.effect.lo) && Number.isFinite(last.effect.hi)
        ? effectWords(last, unit)
        : effectSize(last, unit),
    news: isExcused(last) ? 'neither' : last.news,
    by: placeWords(upTo),
    ...(upTo.sha === undefined ? {} : { sha: upTo.sha }),
    at: last.at,
    cause: causeWords(last),
  };
}

/** Worst first; then by name, so that equal histories are equal pages. */
export const worstFirst = (a: Standing, b: Standing): number =>
  b.badness - a.badness || (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : a.path < b.path ? -1 : 1);

const nameOf = ({ project, benchmark, title, configuration }: Standing): string =>
  [project, benchmark, configuration, title].join('\u0000');
