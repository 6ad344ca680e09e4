import {
  differenceFrom,
  formatChange,
  formatQuantity,
  isSmallBase,
  smallestBase,
  type CommitPlace,
  type ExplainedChange,
  type TrendNote,
  type Unit,
} from '@perfkeel/core';
import { describeChange, describeEffect } from '../compare/difference.ts';
import { isRatio } from '../compare/effect.ts';
import type { SeriesTrend } from './analyse-history.ts';
import type { Anomaly } from './anomalies.ts';
import type { LevelDrift } from './change-point.ts';
import type { LevelCreep } from './creep.ts';
import type { EarlierVersion } from './history-series.ts';
import type { Forecast } from './forecast.ts';

/** `p99 of response-time`, or the metric alone where a round gives one value. */
export const seriesTitle = ({ key }: Pick<SeriesTrend, 'key'>): string =>
  key.statistic === 'value' || key.statistic === 'share' ? key.metric : `${key.statistic} of ${key.metric}`;

/** What the history of a series shows, newest first; what could be expected is not said. */
export function describeTrend(trend: SeriesTrend): readonly TrendNote[] {
  return [
    ...(trend.removed ? [removedNote(trend)] : []),
    ...(trend.ended ? [endedNote(trend)] : []),
    ...(trend.earlier ?? []).slice(0, 1).map((earlier) => versionNote(trend, earlier)),
    ...trend.forecasts.map((forecast) => forecastNote(trend, forecast)),
    ...trend.drifts.filter(({ goesOn }) => goesOn).map((drift) => driftNote(trend, drift)),
    ...trend.creep.map((creep) => creepNote(trend, creep)),
    ...[...trend.changes].reverse().map((change) => changeNote(trend, change)),
    ...trend.drifts.filter(({ goesOn }) => !goesOn).map((drift) => driftNote(trend, drift)),
    ...[...trend.anomalies].reverse().map((anomaly) => anomalyNote(trend, anomaly)),
  ];
}

const short = ({ sha, run }: CommitPlace): string => (sha === undefined ? `run ${run}` : sha.slice(0, 7));

function rangeText({ after, upTo }: ExplainedChange['range']): string {
  if (after.sha !== undefined && after.sha === upTo.sha) return `with ${short(upTo)} on both sides`;
  return `after ${short(after)}, by ${short(upTo)}`;
}

function effectText({ effect, before }: Pick<ExplainedChange, 'effect' | 'before'>, unit: Unit): string {
  const difference = differenceFrom(unit, before, isSmallBase(effect));
  return Number.isFinite(effect.lo) && Number.isFinite(effect.hi)
    ? describeEffect(effect, difference)
    : `${describeChange(effect.value, difference)}, too few runs for an interval`;
}

function causeText({ cause }: ExplainedChange): string {
  if (cause.kind === 'code') return '';
  return `; ${cause.kind === 'machine' ? 'the machine, not the code' : 'perhaps the machine'}: ${cause.because ?? ''}`;
}

const counted = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;

function removedNote({ points }: SeriesTrend): TrendNote {
  const last = points.at(-1)!;
  return { kind: 'removed', news: 'neither', text: `no longer there: measured for the last time with ${short(last)}` };
}

function endedNote({ points }: SeriesTrend): TrendNote {
  const text = `ended with ${short(points.at(-1)!)}: the benchmark itself changed, and goes on as a series of its own`;
  return { kind: 'benchmark', news: 'neither', text };
}

function versionNote({ points, unit }: SeriesTrend, { runs, value, at }: EarlierVersion): TrendNote {
  // Work that was changed and changed back has runs on both sides of the other.
  const back = points.findIndex((point) => Date.parse(point.at) > Date.parse(at));
  const since = points.slice(Math.max(0, back));
  const text =
    `the benchmark itself changed by ${short(since[0]!)}, ${counted(since.length, 'run')} ago: ` +
    `the ${counted(runs, 'run')} before, at ${formatQuantity(value, unit)}, are no measure for it`;
  return { kind: 'benchmark', news: 'neither', text };
}

function changeNote({ unit }: SeriesTrend, change: ExplainedChange): TrendNote {
  const levels = `${formatQuantity(change.before, unit)} to ${formatQuantity(change.after, unit)}`;
  const accepted = change.accepted === undefined ? '' : `; accepted: ${change.accepted.reason}`;
  const text = `${effectText(change, unit)}, ${levels}, ${rangeText(change.range)}${causeText(change)}${accepted}`;
  const excused = change.cause.kind === 'machine' || change.accepted !== undefined;
  return { kind: 'change', news: excused ? 'neither' : change.news, text };
}

function driftNote({ unit, points }: SeriesTrend, drift: LevelDrift): TrendNote {
  const { from, to, runs, news, goesOn } = drift;
  const when = goesOn ? `over the last ${runs} runs, since ${short(from)}` : `from ${short(from)} to ${short(to)}`;
  return { kind: 'drift', news, text: `drifted by ${driftText(drift, unit, points)} ${when}: no single step` };
}

/** `+12.0 %`; `+3.0 points, 1 % to 4 %` and `+56 B/op, 0.01 B/op to 56 B/op` where per cent would mislead. */
function driftText({ total, before, after }: LevelDrift, unit: Unit, points: SeriesTrend['points']): string {
  const values = points.map(({ value }) => value);
  if (isRatio(unit, values, []) || (unit !== 'ratio' && Math.abs(before) >= smallestBase(unit)))
    return formatChange(total);
  const change = describeChange(after - before, { unit, whole: 1 });
  return `${change}, ${formatQuantity(before, unit)} to ${formatQuantity(after, unit)},`;
}

function forecastNote({ key }: SeriesTrend, { objective, runs, lo, hi }: Forecast): TrendNote {
  const text = `${key.statistic === 'value' ? key.metric : key.statistic} will cross "${objective}" in about ${runs} runs (${lo} to ${hi}) if this goes on`;
  return { kind: 'forecast', news: 'worse', text };
}

function creepNote({ unit }: SeriesTrend, creep: LevelCreep): TrendNote {
  const { since, runs, effect, news, machineChanged } = creep;
  const shown = effect.lo > 0 || effect.hi < 0;
  const text = `${effectText(creep, unit)} since ${since}, ${runs} run${runs === 1 ? '' : 's'} ago`;
  const machine = machineChanged ? '; the machine changed in between' : '';
  return { kind: 'creep', news: shown && !machineChanged ? news : 'neither', text: text + machine };
}

function anomalyNote({ unit }: SeriesTrend, { run, value, off, together }: Anomaly): TrendNote {
  const company =
    together === undefined || together.of < 2 ? '' : `; ${together.series} of its ${together.of} series did that`;
  const far = Number.isFinite(off) ? `${formatChange(off)} off its neighbours` : 'and its neighbours are at 0';
  const text = `run ${run} stands alone: ${formatQuantity(value, unit)}, ${far}${company}`;
  return { kind: 'anomaly', news: 'neither', text };
}
