import { formatNumber, formatQuantity, type Judgement, type VerdictKind } from '@perfkeel/core';
import type { BenchmarkView } from './benchmark-view.ts';
import { formatBound } from './censored.ts';
import { isBoundOf } from './judged-statistic.ts';
import { formatInterval, formatShare } from './words.ts';

/** One objective as a row of a table. */
export interface ObjectiveRow {
  /** The fate of the objective, turned round where missing it is what was expected. */
  readonly kind: VerdictKind;
  readonly benchmark: string;
  /** As the user wrote it. */
  readonly objective: string;
  readonly value: string;
  /** `[112 ms, 126 ms]`, `at least 10 s`; empty without a value. */
  readonly interval: string;
  /** Headroom, by how much it was missed, or the interval that crosses the limit. */
  readonly note: string;
  /** What would decide an undecided one. */
  readonly needs?: string | undefined;
  /** A demonstration that failed, as it says it must. */
  readonly asExpected: boolean;
  readonly judgement: Judgement;
}

const severity: Record<VerdictKind, number> = { 'could-not-measure': 0, fail: 1, inconclusive: 2, warn: 3, pass: 4 };

/** All objectives, the worst first, otherwise in the order of the plan. */
export function objectiveRows(benchmarks: readonly BenchmarkView[]): readonly ObjectiveRow[] {
  const rows = benchmarks.flatMap((benchmark) => benchmark.judgements.map((judgement) => row(benchmark, judgement)));
  return saidOnce(rows.sort((a, b) => severity[a.kind] - severity[b.kind]));
}

/** Why nothing may be concluded takes lines to say, and spoils most objectives of a benchmark: the first one says it. */
function saidOnce(rows: readonly ObjectiveRow[]): readonly ObjectiveRow[] {
  const said = new Set<string>();
  return rows.map((row) => {
    if (row.judgement.verdict.reasons[0]?.code !== 'not-valid' || !row.judgement.estimate) return row;
    const reason = JSON.stringify([row.benchmark, row.note]);
    if (said.has(reason)) return { ...row, note: 'undecided for the same reason', needs: undefined };
    said.add(reason);
    return row;
  });
}

function row(benchmark: BenchmarkView, judgement: Judgement): ObjectiveRow {
  const { plan, verdict } = benchmark;
  const { estimate, unit } = judgement;
  const bound = isBoundOf(benchmark, judgement);
  const plain: ObjectiveRow = {
    kind: judgement.verdict.kind,
    benchmark: plan.id,
    objective: judgement.objective,
    value: estimate ? formatBound(estimate.value, unit, bound) : 'no value',
    interval: estimate ? formatInterval(bound ? { ...estimate, hi: Infinity } : estimate, unit) : '',
    note: noteOf(judgement, bound),
    needs: needsOf(benchmark, judgement),
    asExpected: false,
    judgement,
  };
  if (plan.expected !== 'fail') return plain;
  if (plain.kind === 'fail') return { ...plain, kind: 'pass', note: `${plain.note}, as expected`, asExpected: true };
  const keptAfterAll = verdict.reasons.some(({ code }) => code === 'expected-to-fail');
  return keptAfterAll ? { ...plain, kind: 'fail', note: 'kept, but it says that it must be missed' } : plain;
}

/** Samples of load are requests, and more of them come of a longer run. */
function needsOf({ plan, metrics }: BenchmarkView, { metric, verdict: { needs } }: Judgement): string | undefined {
  const [, more] = /^(\d+) more samples?$/.exec(needs ?? '') ?? [];
  const count = metrics.find((view) => view.metric.id === metric)?.pooled?.count ?? 0;
  if (plan.kind !== 'load' || more === undefined || count === 0) return needs;
  const times = formatNumber(Math.ceil(1 + Number(more) / count));
  return `${formatNumber(Number(more))} more requests (run it ${times} times as long)`;
}

/** How far past its limit a value is, as a share of the limit; negative when it is kept; `undefined` without a scale. */
export function excessOf({ estimate, comparator, limit }: Judgement): number | undefined {
  if (!estimate || comparator === '=' || !(limit > 0) || !Number.isFinite(estimate.value)) return undefined;
  const distance = comparator.startsWith('<') ? estimate.value - limit : limit - estimate.value;
  return distance / limit;
}

function noteOf(judgement: Judgement, bound: boolean): string {
  const { estimate, verdict, unit } = judgement;
  if (!estimate) return verdict.reasons[0]?.message ?? 'nothing was measured';
  const excess = excessOf(judgement);
  switch (verdict.kind) {
    case 'pass':
      return excess === undefined ? 'kept' : headroom(excess, judgement);
    case 'warn':
      return excess !== undefined && excess > 0
        ? `${formatShare(excess)} past the limit, within tolerance`
        : `${formatInterval(estimate, unit)} reaches past the limit, within tolerance`;
    case 'inconclusive':
      if (verdict.reasons[0]?.code === 'not-valid') return verdict.reasons[0].message;
      return Number.isFinite(estimate.lo) && Number.isFinite(estimate.hi)
        ? `${formatInterval(estimate, unit)} crosses the limit`
        : `${formatInterval(estimate, unit)}: too few samples`;
    case 'fail':
    case 'could-not-measure':
      return excess === undefined ? 'missed' : missed(excess, bound ? 'at least ' : '');
  }
}

function headroom(excess: number, { comparator }: Judgement): string {
  if (excess > 0) return `${formatShare(excess)} past the limit, within tolerance`;
  if (excess < -10) return `${formatQuantity(1 - excess, 'count')} times the limit`;
  // Below an upper limit there is no more room than all of it.
  return `${formatShare(comparator.startsWith('<') ? Math.min(-excess, 1) : -excess)} headroom`;
}

/** Past eleven times the limit a percentage is hard to read. */
function missed(excess: number, atLeast: string): string {
  return excess > 10
    ? `${atLeast}${formatQuantity(excess + 1, 'count')} times the limit`
    : `missed by ${atLeast}${formatShare(excess)}`;
}
