import { formatNumber, type ComparisonReport } from '@perfkeel/core';
import { isNews } from './comparison-row.ts';
import { formatShare, plural } from './words.ts';

/** What a table of news leaves out, in one line: `46 unchanged, 12 identical: the same code on both sides`. */
export function quietWords({ comparisons }: ComparisonReport): string {
  const count = (decision: string): number => comparisons.filter((each) => each.decision === decision).length;
  const [unchanged, identical] = [count('unchanged'), count('identical')];
  const parts = [
    ...(unchanged > 0 || identical === 0 ? [`${formatNumber(unchanged)} unchanged`] : []),
    ...(identical > 0 ? [`${formatNumber(identical)} identical: the same code on both sides`] : []),
  ];
  return parts.join(', ');
}

/** How many comparisons are no news. */
export const quietCount = ({ comparisons }: ComparisonReport): number =>
  comparisons.filter((comparison) => !isNews(comparison)).length;

/** What was held against what, and how: one sentence each. */
export function basisWords({ method, base, head, control }: ComparisonReport): readonly string[] {
  if (method === undefined) return [];
  const why = base.why === undefined ? '' : ` (${base.why})`;
  const how =
    method === 'interleaved'
      ? 'both measured here, in turns'
      : 'each measured in a session of its own, so that small changes may be the machine’s';
  return [
    `Compared ${head.label} with ${base.label}${why}: ${how}.`,
    ...(control
      ? [`Identical code came out up to ${formatShare(control.largest)} apart here (${plural(control.pairs, 'pair')}).`]
      : []),
  ];
}

/** The rounds that comparisons took, when they took several: `6 to 36 rounds a side`. */
export function roundsWords({ comparisons }: ComparisonReport): string | undefined {
  const rounds = comparisons
    .filter(({ decision, head }) => decision !== 'identical' && head.length > 0)
    .map(({ head, screening }) => head.length + (screening?.head.length ?? 0));
  if (rounds.length === 0) return undefined;
  const [least, most] = [Math.min(...rounds), Math.max(...rounds)];
  return least === most ? `${least} rounds a side` : `${least} to ${most} rounds a side`;
}
