import type { ComparisonReport, Report, VerdictKind } from '@perfkeel/core';
import { viewBenchmarks } from './benchmark-view.ts';
import { reportVerdict } from './verdict-words.ts';

/** A command to type next, and what it gives. */
export interface NextStep {
  readonly command: string;
  readonly purpose: string;
}

const plainWord = /^[\p{L}\p{N}_./:@%+=-]+$/u;

/** One word of a POSIX shell command. */
export const shellWord = (text: string): string => (plainWord.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/**
 * What to do next, most useful first.
 *
 * @param stored whether the run can be named in commands: one that could not be stored cannot
 */
export function nextSteps(report: Report, stored = true): readonly NextStep[] {
  const { run } = report;
  if (run.plan.benchmarks.length === 0 && report.comparison) return stepsWithoutRounds(report.comparison);
  if (run.plan.benchmarks.length === 0) return [{ command: 'perfkeel init', purpose: 'writes a first benchmark' }];
  const steps: NextStep[] = [];
  const broken = [...new Set([...run.failures.map(({ benchmark }) => benchmark), ...namesOf(report, 'fail')])];
  steps.push(
    ...runAgain(broken, broken.length === 1 ? 'once it is fixed, only this one' : 'once they are fixed, only these'),
  );
  const verdict = reportVerdict(report);
  const noisy = run.environment.warnings.length > 0;
  // A file that is missing, or a server that is down, is so on a quiet machine as well.
  if (run.measurements.length > 0 && (verdict === 'inconclusive' || noisy)) {
    steps.push({ command: 'perfkeel doctor', purpose: 'what makes this machine uncertain' });
  }
  if (verdict === 'inconclusive') steps.push(...runAgain(namesOf(report, 'inconclusive'), 'only what is undecided'));
  return stored ? [...steps, ...stepsWithRun(report, verdict)] : steps;
}

/** Benchmarks of a verdict. What was compared is measured again by commands of its own. */
const namesOf = ({ run, comparison }: Report, kind: VerdictKind): readonly string[] =>
  comparison
    ? []
    : viewBenchmarks(run)
        .filter(({ verdict }) => verdict.kind === kind)
        .map(({ plan }) => plan.id);

/** Of more than these a command would be longer than anybody types. */
const mostNamed = 3;

const runAgain = (names: readonly string[], purpose: string): readonly NextStep[] =>
  names.length === 0 || names.length > mostNamed
    ? []
    : [{ command: ['perfkeel run', ...names.map(shellWord)].join(' '), purpose }];

/** What is identical can be measured all the same. */
function stepsWithoutRounds({ comparisons, reproduce }: ComparisonReport): readonly NextStep[] {
  if (reproduce === undefined || comparisons.length === 0) return [];
  return [{ command: `${reproduce} --calibrate`, purpose: 'measures it all the same: what differs is noise' }];
}

function stepsWithRun({ run, comparison }: Report, verdict: VerdictKind): readonly NextStep[] {
  const steps: NextStep[] = [];
  const id = shellWord(run.id);
  // Of two sides in turns, the stored runs hold one set of rounds only, and base is measured again each time.
  if (
    comparison?.method !== 'interleaved' &&
    comparison?.comparisons.some(({ decision }) => decision === 'regressed')
  ) {
    const [base, head] = [shellWord(comparison.base.id), shellWord(comparison.head.id)];
    steps.push({ command: `perfkeel compare ${base} ${head}`, purpose: 'everything that was compared' });
    steps.push({ command: `perfkeel baseline set main ${id}`, purpose: 'when the change is intended' });
  } else if (!comparison && (verdict === 'pass' || verdict === 'warn') && !run.plan.short) {
    steps.push({ command: `perfkeel baseline set main ${id}`, purpose: 'to compare later runs with this one' });
  }
  steps.push({ command: `perfkeel report ${id}`, purpose: 'this report again' });
  return steps;
}
