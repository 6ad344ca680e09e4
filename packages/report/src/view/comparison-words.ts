import {
  formatNumber,
  formatQuantity,
  isSmallBase,
  oneLine,
  smallestBase,
  type ComparedSide,
  type Comparison,
  type ComparisonReport,
  type Run,
} from '@perfkeel/core';
import { isNews, type ComparisonRow } from './comparison-row.ts';
import { nameSome } from './remarks.ts';
import { formatShare, plural } from './words.ts';

/**
 * What a table of news leaves out, in one line: `46 unchanged, 2 identical: the same code on both sides (parse, write)`.
 * Empty when nothing was compared.
 */
export function quietWords({ comparisons }: ComparisonReport): string {
  if (comparisons.length === 0) return '';
  const unchanged = comparisons.filter(({ decision }) => decision === 'unchanged').length;
  const identical = identicalWords(comparisons);
  const parts = [
    ...(unchanged > 0 || identical === '' ? [`${formatNumber(unchanged)} unchanged`] : []),
    ...(identical === '' ? [] : [identical]),
  ];
  return parts.join(', ');
}

const mostNames = 6;

/** `2 identical: the same code on both sides (parse, write)`; empty when there are none. */
export function identicalWords(comparisons: readonly Comparison[]): string {
  const identical = comparisons.filter(({ decision }) => decision === 'identical');
  const names = [...new Set(identical.map(({ benchmark }) => oneLine(benchmark)))];
  if (names.length === 0) return '';
  return `${formatNumber(identical.length)} identical: the same code on both sides (${nameSome(names, mostNames)})`;
}

/** Whether two sides were to be measured, and nothing of either had to be. */
const nothingMeasured = ({ comparisons }: ComparisonReport): boolean =>
  comparisons.every(({ decision, base, head }) => decision === 'identical' && base.length + head.length === 0);

/** How many comparisons are no news. */
export const quietCount = ({ comparisons }: ComparisonReport): number =>
  comparisons.filter((comparison) => !isNews(comparison)).length;

/** What was held against what, and how: one sentence each. */
export function basisWords(comparison: ComparisonReport): readonly string[] {
  const { method, base, head, control, nodeFlags = [] } = comparison;
  const accepted = comparison.comparisons.flatMap(acceptedWords);
  if (method === undefined) return accepted;
  const why = base.why === undefined ? '' : ` (${base.why})`;
  // An id says nothing of the run that is on the screen.
  const measured = head.label === head.id ? 'this run' : head.label;
  return [
    `Compared ${measured} with ${base.label}${why}: ${howWords(comparison)}.`,
    ...passedOverWords(base),
    ...accepted,
    ...(nodeFlags.length > 0 ? [`Micro-benchmarks ran with ${nodeFlags.join(' ')} on both sides.`] : []),
    ...(control
      ? [`Identical code came out up to ${formatShare(control.largest)} apart here (${plural(control.pairs, 'pair')}).`]
      : []),
  ];
}

/** What the number of a round is where it is none that is shown elsewhere, and what changes are held against that is not base. */
export const gateWords = (run: Run, rows: readonly ComparisonRow[]): readonly string[] => [
  ...lowWords(run, rows),
  ...floorWords(rows),
];

/** Drawings and limits are relative to it. */
function floorWords(rows: readonly ComparisonRow[]): readonly string[] {
  const small = rows.filter(({ comparison: { effect } }) => effect && isSmallBase(effect));
  const floors = [...new Set(small.map(({ comparison: { unit } }) => formatQuantity(smallestBase(unit), unit)))];
  return floors.length === 0
    ? []
    : [`Where base is less than ${floors.join(' or ')}, changes are held against that much.`];
}

function lowWords({ plan }: Run, rows: readonly ComparisonRow[]): readonly string[] {
  const kindOf = (id: string): string | undefined => plan.benchmarks.find((one) => one.id === id)?.kind;
  const isLow = ({ comparison: { benchmark, statistic } }: ComparisonRow): boolean =>
    statistic === 'p10' && kindOf(benchmark) === 'bench';
  if (!rows.some(isLow)) return [];
  return ['p10: one in ten samples of a round is faster; other programs disturb it least.'];
}

const mostPassedOver = 4;

/** What would have been compared with rather than the base, and why it was not. */
function passedOverWords({ passedOver = [] }: ComparedSide): readonly string[] {
  if (passedOver.length === 0) return [];
  const shown = passedOver.slice(0, mostPassedOver).map(oneLine);
  const more = passedOver.length - shown.length;
  return [`Passed over: ${[...shown, ...(more > 0 ? [`${more} more`] : [])].join('; ')}.`];
}

/** Why a change for the worse does not fail: the reason that the acceptance put first. */
function acceptedWords({ benchmark, statistic, decision, verdict }: Comparison): readonly string[] {
  if (decision !== 'accepted') return [];
  const why = verdict.reasons.find(({ code }) => code === 'accepted')?.message ?? 'no reason was kept';
  return [oneLine(`Accepted: ${benchmark} ${statistic} (${why}).`)];
}

function howWords(comparison: ComparisonReport): string {
  if (comparison.method === 'stored') {
    return 'each measured in a session of its own, so that small changes may be the machine’s';
  }
  return nothingMeasured(comparison) ? 'nothing had to be measured' : 'both measured here, in turns';
}

/** The rounds that comparisons took, when they took several: `6 to 36 rounds a side`. */
export function roundsWords({ comparisons }: ComparisonReport): string | undefined {
  const rounds = comparisons
    .filter(({ decision, head }) => decision !== 'identical' && head.length > 0)
    .map(({ head, screening }) => head.length + (screening?.head.length ?? 0));
  if (rounds.length === 0) return undefined;
  const [least, most] = [Math.min(...rounds), Math.max(...rounds)];
  return least === most ? `${plural(least, 'round')} a side` : `${least} to ${most} rounds a side`;
}
