import { formatQuantity, median, type Judgement, type Warning } from '@perfkeel/core';
import { roundValues, type BenchmarkView } from './benchmark-view.ts';
import { metricNamed, type Clue } from './clue.ts';
import { errorAttempt } from './error-attempt.ts';
import { extentOf } from './extent.ts';
import { shellWord } from './next-steps.ts';
import { formatShare } from './words.ts';

/** Of the machine and the generator: not a word about the code. */
const ofTheMachine: ReadonlySet<string> = new Set([
  'disturbed',
  'machine-busy',
  'busy-machine',
  'generator-starved',
  'generator-late',
  'generator-behind',
  'generator-busy',
  'generator-in-doubt',
  'doubtful-limit',
  'clock-coarse',
]);

/** What stands beside every figure of its kind, and explains none. */
const general: ReadonlySet<string> = new Set(['closed-model', 'resolution', 'not-steady', 'short-window']);

const warningsOf = (view: BenchmarkView, metric: string): readonly Warning[] =>
  metricNamed(view, metric)?.rounds.flatMap(({ warnings }) => warnings) ?? [];

/**
 * What was found to hold a target up, with everything that may be done about it: what was found in most rounds first, and
 * nothing that was found in fewer than half of them.
 */
export function diagnosisClues(view: BenchmarkView): readonly Clue[] {
  const measured = view.primary?.rounds ?? [];
  const rounds = new Set(measured.map(({ round }) => round)).size;
  const found = new Map<string, Warning[]>();
  for (const warning of measured.flatMap(({ warnings }) => warnings)) {
    if (warning.remedies !== undefined) found.set(warning.code, [...(found.get(warning.code) ?? []), warning]);
  }
  return [...found.values()]
    .filter(({ length }) => length >= rounds / 2)
    .sort((a, b) => b.length - a.length)
    .flatMap(([first]) => {
      const { message: evidence, remedies = [] } = first!;
      return remedies.length === 0 ? [{ evidence }] : remedies.map((attempt) => ({ evidence, attempt }));
    });
}

/** What instruments said of the metric: causes of failed requests, what grows, what limits. */
export function remarkClues(view: BenchmarkView, { metric }: Judgement): readonly Clue[] {
  const remarks = warningsOf(view, metric).filter(
    ({ code, remedies }) => remedies === undefined && !ofTheMachine.has(code) && !general.has(code),
  );
  const firsts = new Map(remarks.map(({ code, message }) => [code, message]));
  return [...firsts.values()].slice(0, 4).map((evidence) => ({ evidence }));
}

/** A busy machine makes slow what is not. */
export function machineClue(view: BenchmarkView, { metric }: Judgement): readonly Clue[] {
  const found = warningsOf(view, metric).find(({ code }) => ofTheMachine.has(code));
  if (!found) return [];
  return [
    {
      evidence: found.message,
      attempt: 'Measure again on a quiet machine; perfkeel doctor says what disturbs this one.',
    },
  ];
}

/** Rounds that lie further apart than this are news by themselves. */
const apart = 0.2;

export function roundsClue(view: BenchmarkView, { metric, unit }: Judgement): readonly Clue[] {
  const own = metricNamed(view, metric);
  const values = own ? roundValues(own) : [];
  if (values.length < 3) return [];
  const [least, greatest] = extentOf(values);
  const spread = (greatest - least) / Math.abs(median(values));
  if (!(spread >= apart)) return [];
  return [
    {
      evidence: `fresh processes differ by ${formatShare(spread)}: from ${formatQuantity(least, unit)} to ${formatQuantity(greatest, unit)}`,
      attempt: 'More rounds tell the code from its circumstances.',
    },
  ];
}

/** What to try about a metric that is no time. */
export function attemptFor(view: BenchmarkView, { metric, unit }: Judgement): string | undefined {
  const { plan } = view;
  const last = metric.split('.').at(-1)!;
  if (last === 'errors') return errorAttempt(warningsOf(view, metric));
  if (last === 'throughput')
    return 'See whether the target or the generator is at its end: a capacity benchmark finds the highest rate that it keeps.';
  if (last === 'capacity') return 'See the knee in the drawing of the trials: what is busy at that rate is the limit.';
  if (metric === 'violations') return 'Run the smallest counterexample of the remarks by itself.';
  if (unit === 'B/op' && metric === 'allocated') return 'Take a heap profile, as with node --heap-prof.';
  if (unit === 'B/op' || unit === 'B/s' || plan.kind === 'leak') return leakAttempt(view);
  if (unit === 'B') return 'See what is kept: perfkeel heap top names the largest retainers of a snapshot.';
  return undefined;
}

/** Where a leak has been explained, and where its snapshots are, nobody has to look for it. */
function leakAttempt(view: BenchmarkView): string {
  const remarks = view.metrics.flatMap(({ rounds }) => rounds).flatMap(({ warnings }) => warnings);
  const keeper = remarks.find(({ code }) => code === 'keeps')?.message.split(': ')[0];
  if (keeper !== undefined) return `Look at what keeps it: ${keeper}.`;
  const kept = remarks.find(({ code }) => code === 'snapshot-kept')?.message;
  const command = kept && /perfkeel heap diff .*/.exec(kept)?.[0];
  if (command) return `Compare the two snapshots that were taken: ${command}`;
  return "Compare two heap snapshots some iterations apart: snapshots: 'on-failure' in a leak takes them when it is missed, and names the perfkeel heap diff for them.";
}

const question = 'Ask perfkeel trend ';

/** Since when it is so, which no single run can say. */
export const sinceWhen = ({ plan }: BenchmarkView): string =>
  `${question}${shellWord(plan.id)} since when it is so, where runs are stored.`;

/** Whether an attempt is `sinceWhen`: what is in no store has no past. */
export const asksThePast = (attempt: string): boolean => attempt.startsWith(question);
