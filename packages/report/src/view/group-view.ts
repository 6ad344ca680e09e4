import { formatNumber, hodgesLehmannRatio, median, type Estimate } from '@perfkeel/core';
import { isBatched, roundValues, type BenchmarkView, type MetricView } from './benchmark-view.ts';
import { variedSize } from './family-view.ts';
import { formatEffect, isBounded } from './words.ts';

/** One alternative of a group. */
export interface GroupMember {
  readonly benchmark: BenchmarkView;
  /** The median over all rounds; absent when it was not measured. */
  readonly value?: number | undefined;
  readonly isBest: boolean;
  /** Its numbers decide nothing, such as those of an implementation that does its work wrong. */
  readonly unranked: boolean;
  /** Relative to the best: 1.9 is 190 % more. Absent for the best and for what cannot be compared with it. */
  readonly ratio?: Estimate | undefined;
}

/** Alternatives of one thing, side by side. */
export interface GroupView {
  readonly name: string;
  /** What is compared; absent when no member was measured. */
  readonly metric?: MetricView['metric'] | undefined;
  /** The metric in words: `response-time`, `median batch of time`; `value` when nothing was measured. */
  readonly label: string;
  readonly best?: BenchmarkView | undefined;
  /** `fastest` of times, `best` of anything else. */
  readonly bestWord: string;
  /** In the order of the plan. */
  readonly members: readonly GroupMember[];
}

/** The groups of at least two benchmarks, in the order in which they first appear. */
export function viewGroups(benchmarks: readonly BenchmarkView[]): readonly GroupView[] {
  const groups = new Map<string, BenchmarkView[]>();
  const sizes = sizesOf(benchmarks);
  for (const benchmark of benchmarks) {
    const group = groupOf(benchmark, sizes);
    if (group === undefined) continue;
    groups.set(group, [...(groups.get(group) ?? []), benchmark]);
  }
  return [...groups].filter(([, members]) => members.length > 1).map(([name, members]) => viewGroup(name, members));
}

/** The groups that no other table shows, such as that of a protocol: the same figures twice are read twice. */
export const groupsBeside = (benchmarks: readonly BenchmarkView[], shown: readonly string[]): readonly GroupView[] =>
  viewGroups(benchmarks).filter(({ name }) => !shown.includes(name));

/** The numeric parameter of each family that varies one. */
function sizesOf(benchmarks: readonly BenchmarkView[]): ReadonlyMap<string, string | undefined> {
  const families = new Set(benchmarks.flatMap(({ plan }) => plan.variant?.family ?? []));
  return new Map(
    [...families].map((family) => [
      family,
      variedSize(benchmarks.filter(({ plan }) => plan.variant?.family === family)),
    ]),
  );
}

/** Alternatives are held against each other at one size; a family that varies no number is a group of its own. */
function groupOf({ plan }: BenchmarkView, sizes: ReadonlyMap<string, string | undefined>): string | undefined {
  const { group, variant } = plan;
  if (!variant) return group;
  // What holds or not is in the table of the protocol.
  if (variant.role === 'property') return undefined;
  const size = sizes.get(variant.family);
  if (size === undefined) return group ?? variant.family;
  return group === undefined ? undefined : `${group} [${size}=${String(variant.parameters[size])}]`;
}

/** Numbers that are not those of what was meant to be measured win nothing. */
const isSpoilt = ({ primary }: BenchmarkView): boolean =>
  primary?.rounds.some(({ warnings }) => warnings.some(({ forbids }) => forbids === 'verdict')) ?? false;

/** The best is the one that its metric's direction prefers. Members that measure something else are shown, not compared. */
function viewGroup(name: string, members: readonly BenchmarkView[]): GroupView {
  const first = members.find(({ primary }) => primary !== undefined);
  const metric = first?.primary?.metric;
  const valueOf = ({ primary }: BenchmarkView): number | undefined =>
    primary && metric && primary.metric.id === metric.id && primary.metric.unit === metric.unit
      ? finite(primary.pooled?.quantile(0.5) ?? median(roundValues(primary)))
      : undefined;
  const sign = metric?.better === 'higher' ? -1 : 1;
  const ranked = members.filter((member) => valueOf(member) !== undefined && !isSpoilt(member));
  const best = [...ranked].sort((a, b) => sign * (valueOf(a)! - valueOf(b)!))[0];
  return {
    name,
    metric,
    label:
      !first || !metric
        ? 'value'
        : isBatched(first.plan) && first.primary?.pooled
          ? `median batch of ${metric.id}`
          : metric.id,
    best,
    bestWord: metric?.unit === 'ns' ? 'fastest' : 'best',
    members: members.map((benchmark) => ({
      benchmark,
      value: valueOf(benchmark),
      isBest: benchmark === best,
      unranked: isSpoilt(benchmark),
      ratio:
        best && benchmark !== best && valueOf(benchmark) !== undefined && !isSpoilt(benchmark)
          ? ratioOf(best, benchmark)
          : undefined,
    })),
  };
}

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

/**
 * The change from the best to another, over rounds. With few rounds the usual 95 % cannot be reached; then the interval
 * is that of the extremes, with the confidence that they reach.
 */
function ratioOf(best: BenchmarkView, other: BenchmarkView): Estimate | undefined {
  const [base, head] = [roundValues(best.primary!), roundValues(other.primary!)];
  if ([...base, ...head].some((value) => !(value > 0))) return undefined;
  const usual = hodgesLehmannRatio(base, head);
  if (Number.isFinite(usual.hi) || usual.confidence <= 0) return usual;
  return hodgesLehmannRatio(base, head, usual.confidence - 1e-9);
}

/** What stands beside a member: that it is the best, how far it is from it, or why nobody knows. */
export function standingText({ isBest, unranked, ratio, value }: GroupMember, { best, bestWord }: GroupView): string {
  if (isBest) return bestWord;
  if (unranked) return 'not ranked, see the remarks';
  if (ratio) return ratioText(ratio);
  return best && value !== undefined ? 'no ratio' : '';
}

/** From here on, as a change, nobody reads percents any more. */
const manyTimes = 9;

/** `+190 % [180, 200]  2.9x`, or `183x [163, 362]`; at less than the usual confidence it says so. */
export function ratioText(ratio: Estimate): string {
  const confidence =
    ratio.confidence < 0.945 && ratio.confidence > 0 ? ` at ${Math.floor(ratio.confidence * 100 + 1e-6)} %` : '';
  const timesOf = (change: number): string => formatNumber(Number((change + 1).toPrecision(3)));
  if (ratio.value >= manyTimes) {
    const interval = isBounded(ratio) ? `[${timesOf(ratio.lo)}, ${timesOf(ratio.hi)}]` : '[no interval]';
    return `${timesOf(ratio.value)}x ${interval}${confidence}`;
  }
  const times = ratio.value >= 0.5 ? `  ${formatNumber(ratio.value + 1)}x` : '';
  return `${formatEffect(ratio)}${confidence}${times}`;
}
