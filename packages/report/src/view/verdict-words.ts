import {
  formatNumber,
  joinKinds,
  type Decision,
  type Report,
  type Run,
  type Verdict,
  type VerdictKind,
} from '@perfkeel/core';
import { viewBenchmarks, type BenchmarkView } from './benchmark-view.ts';
import { objectiveRows } from './objective-row.ts';
import { enumerate, plural } from './words.ts';

/** The verdict as people read it. */
export const verdictTitles: Record<VerdictKind, string> = {
  pass: 'PASS',
  warn: 'WARN',
  fail: 'FAIL',
  inconclusive: 'INCONCLUSIVE',
  'could-not-measure': 'COULD NOT MEASURE',
};

/** The verdict of the whole report: of the run, and of its comparison when there is one. */
export const reportVerdict = ({ run, comparison }: Report): VerdictKind =>
  comparison ? joinKinds(run.verdict.kind, comparison.verdict.kind) : run.verdict.kind;

/** What can be counted, as a phrase; a phrase about something bad goes before the others. */
interface Phrase {
  readonly bad: boolean;
  readonly text: string;
}

/** `6 objectives: 1 missed and 2 undecided`; what is zero is not said. */
const countPhrase = (of: string, parts: readonly (readonly [number, string])[]): string =>
  `${of}: ${enumerate(parts.filter(([count]) => count > 0).map(([count, word]) => `${formatNumber(count)} ${word}`))}`;

function benchmarkPhrases(benchmarks: readonly BenchmarkView[]): readonly Phrase[] {
  const all = plural(benchmarks.length, 'benchmark');
  const broken = benchmarks.filter(({ verdict }) => verdict.kind === 'could-not-measure').length;
  const expected = benchmarks.filter(({ verdict }) => hasReason(verdict, 'failed-as-expected')).length;
  return [
    { bad: broken > 0, text: broken > 0 ? `${broken} of ${all} could not be measured` : all },
    ...(expected > 0 ? [{ bad: false, text: `${expected} failed as expected` }] : []),
  ];
}

function objectivePhrases(benchmarks: readonly BenchmarkView[]): readonly Phrase[] {
  const rows = objectiveRows(benchmarks).filter(({ asExpected }) => !asExpected);
  if (rows.length === 0) return [];
  const of = (kind: VerdictKind): number => rows.filter((row) => row.kind === kind).length;
  const all = plural(rows.length, 'objective');
  if (of('pass') === rows.length) return [{ bad: false, text: `${all} kept` }];
  const parts = [
    [of('fail'), 'missed'],
    [of('inconclusive'), 'undecided'],
    [of('warn'), 'past the limit within tolerance'],
  ] as const;
  const whole = parts.find(([count]) => count === rows.length);
  return [{ bad: true, text: whole ? `${all} ${whole[1]}` : countPhrase(all, parts) }];
}

function changePhrases({ comparison }: Report): readonly Phrase[] {
  if (!comparison) return [];
  const { comparisons } = comparison;
  if (comparisons.length === 0) return [{ bad: false, text: 'nothing in common to compare' }];
  const of = (decision: Decision): number => comparisons.filter((entry) => entry.decision === decision).length;
  const all = `${formatNumber(comparisons.length)} compared`;
  if (of('unchanged') === comparisons.length) return [{ bad: false, text: `${all}, unchanged` }];
  if (of('identical') === comparisons.length) return [{ bad: false, text: `${all}, identical` }];
  const parts = [
    [of('regressed'), 'regressed'],
    [of('inconclusive'), 'undecided'],
    [of('accepted'), 'accepted'],
    [of('improved'), 'improved'],
    ...(of('regressed') + of('inconclusive') + of('accepted') + of('improved') > 0
      ? []
      : ([
          [of('unchanged'), 'unchanged'],
          [of('identical'), 'identical'],
        ] as const)),
  ] as const;
  return [{ bad: of('regressed') + of('inconclusive') > 0, text: countPhrase(all, parts) }];
}

/** Of a comparison for which nothing had to be measured, what it came to; else nothing ran. */
function nothingRanPhrases(report: Report): readonly string[] {
  const needless = report.run.verdict.reasons.some(({ code }) => code === 'nothing-to-measure');
  if (!needless) return ['nothing ran'];
  return [...changePhrases(report).map(({ text }) => text), 'nothing had to be measured'];
}

/** What a report amounts to, in short phrases, the bad ones first. */
export function reportPhrases(report: Report): readonly string[] {
  const benchmarks = viewBenchmarks(report.run);
  if (benchmarks.length === 0) return nothingRanPhrases(report);
  const phrases = [...benchmarkPhrases(benchmarks), ...objectivePhrases(benchmarks), ...changePhrases(report)];
  const sorted = [...phrases.filter(({ bad }) => bad), ...phrases.filter(({ bad }) => !bad)].map(({ text }) => text);
  return report.run.interrupted ? ['interrupted', ...sorted] : sorted;
}

const hasReason = (verdict: Verdict, wanted: string): boolean => verdict.reasons.some(({ code }) => code === wanted);

/** What the phrases and the qualifications say in their own words. */
const saidElsewhere: ReadonlySet<string> = new Set(['nothing-ran', 'nothing-to-measure', 'rehearsal']);

/** Reasons of the run's verdict that no benchmark gives: they are said beside the verdict or nowhere. */
export function otherReasons(run: Run): readonly string[] {
  const told = new Set(
    viewBenchmarks(run).flatMap(({ verdict, judgements }) => [
      ...verdict.reasons.map(({ message }) => message),
      ...judgements.flatMap((judgement) => judgement.verdict.reasons.map(({ message }) => message)),
    ]),
  );
  const failures = new Set(run.failures.map(({ error }) => error.message));
  const messages = run.verdict.reasons.filter(({ code }) => !saidElsewhere.has(code)).map(({ message }) => message);
  return [...new Set(messages)].filter((message) => !told.has(message) && !failures.has(message));
}

/** What a reader must know before believing any figure. */
export function qualifications(run: Run): readonly string[] {
  const unexpected = viewBenchmarks(run).filter(({ verdict }) => hasReason(verdict, 'expected-to-fail'));
  return [
    ...(run.interrupted ? ['Interrupted: what had been measured until then is kept.'] : []),
    ...(run.plan.short
      ? ['A rehearsal with as little work as possible: nothing is judged, and the figures say little.']
      : []),
    ...unexpected.map(({ plan }) => `${plan.id} says that it must fail, and it did not.`),
    ...otherReasons(run),
  ];
}
