import {
  formatChange,
  formatQuantity,
  median,
  type ChangePoint,
  type CommitPlace,
  type ExplainedChange,
  type Unit,
} from '@perfkeel/core';
import { givenEffect, shownEffect, shownWords, sizeWords } from '../view/shown-effect.ts';
import type { DashboardSeries } from './dashboard-series.ts';

export const dayOf = (at: string): string => at.slice(0, 10);

/** `2026-11-20 09:30`. */
export const minuteOf = (at: string): string => at.slice(0, 16).replace('T', ' ');

export const shortSha = (sha: string): string => (/^[0-9a-f]{8,}$/.test(sha) ? sha.slice(0, 7) : sha.slice(0, 40));

export const placeWords = ({ sha, run }: CommitPlace): string => (sha === undefined ? `run ${run}` : shortSha(sha));

/** `+14.2 % [+10.7 %, +17.7 %]`, `+3.0 points [2.0, 4.0]`, `+56 B/op [52 B/op, 60 B/op]`; too few runs have no interval. */
export function effectWords({ effect, before }: Pick<ChangePoint, 'effect' | 'before'>, unit: Unit): string {
  const { value, lo, hi } = effect;
  const shown = shownEffect(givenEffect(effect), unit, before);
  if (shown.difference) return shownWords(shown);
  const interval =
    Number.isFinite(lo) && Number.isFinite(hi)
      ? `[${formatChange(lo)}, ${formatChange(hi)}]`
      : ', too few runs for an interval';
  return `${formatChange(value)}${interval.startsWith('[') ? ' ' : ''}${interval}`;
}

/** Its size alone: `+14.2 %`, `+3.0 points`, `+56 B/op`. */
export const effectSize = ({ effect, before }: Pick<ChangePoint, 'effect' | 'before'>, unit: Unit): string =>
  sizeWords(shownEffect(givenEffect(effect), unit, before));

/** Whether a change is one of the machine, or one that was wanted: no news of the code. */
export const isExcused = ({ cause, accepted }: Pick<ExplainedChange, 'cause' | 'accepted'>): boolean =>
  cause.kind === 'machine' || accepted !== undefined;

/** Why a change is what it is, in words; empty when the code has done it and nobody has said that this is well. */
export const causeWords = ({ cause, accepted }: Pick<ExplainedChange, 'cause' | 'accepted'>): string =>
  [
    ...(cause.kind === 'code'
      ? []
      : [`${cause.kind === 'machine' ? 'the machine, not the code' : 'perhaps the machine'}: ${cause.because ?? ''}`]),
    ...(accepted === undefined ? [] : [`accepted: ${accepted.reason}`]),
  ].join('; ');

/** A change is between two levels of three runs: of fewer nobody can say that nothing has changed. */
export const fewestRuns = 6;

/** Newest runs whose median is the present value. */
const newestRuns = 8;

/** The present level: of the newest runs since the last change. */
export function presentValue({ points, changes }: Pick<DashboardSeries, 'points' | 'changes'>): number {
  const start = Math.max(changes.at(-1)?.index ?? 0, points.length - newestRuns);
  return median(points.slice(start).map(({ value }) => value));
}

/** Where the next run is expected: what was never below 0 will not be. */
export function expectedNext({ points, next }: Pick<DashboardSeries, 'points' | 'next'>): DashboardSeries['next'] {
  if (next === undefined || next.lo >= 0 || points.some(({ value }) => value < 0)) return next;
  return { ...next, lo: 0 };
}

/** The parameters of a variant: `size 100, mode fast`; empty for none. */
export function configurationWords(configuration: string): string {
  if (configuration === '{}' || configuration === '') return '';
  try {
    const parsed: unknown = JSON.parse(configuration);
    if (typeof parsed !== 'object' || parsed === null) return configuration;
    return Object.entries(parsed)
      .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(', ');
  } catch {
    return configuration;
  }
}

export const quantityOf = ({ unit }: Pick<DashboardSeries, 'unit'>, value: number): string =>
  formatQuantity(value, unit);

/** Enough of the class of an environment to tell it from others: what other tools measured begins alike. */
export const shortEnvironment = (id: string): string => /^(?:imported-)?.{0,8}/u.exec(id)![0];
