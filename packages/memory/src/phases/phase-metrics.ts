import {
  describeValue,
  formatNumber,
  formatQuantity,
  metrics,
  namedMetricId,
  usageError,
  type Estimate,
  type Metric,
  type RoundMeasurement,
  type Warning,
} from '@perfkeel/core';
import { leakPoints } from '../analysis/analyze-leak-series.ts';
import type { PhaseGrowth } from './phase-growth.ts';

const phaseName = /^\p{L}[\p{L}\p{N}_-]*$/u;

/** @throws PerfError `bad-declaration`, exit code 2. */
export function checkPhases(phases: unknown, clients: number | undefined, hasMarks: boolean): void {
  if (phases === undefined) return;
  const refuse = (message: string, hint: string): never => {
    throw usageError(message, { code: 'bad-declaration', hint, excerpt: 'phases' });
  };
  const example = "Write phases: ['switch', 'answer'], and await mark('switch') where it begins.";
  if (!Array.isArray(phases) || phases.length === 0) refuse(`phases is ${describeValue(phases)}, not a list`, example);
  const names = phases as unknown[];
  const bad = names.find((name) => typeof name !== 'string' || !phaseName.test(name));
  if (bad !== undefined) refuse(`${describeValue(bad)} is no name of a phase`, `${example} Letters, digits, - and _.`);
  if (new Set(names).size < names.length)
    refuse('two phases have one name', 'Name each once; mark it as often as it comes.');
  if (!hasMarks)
    refuse('there are phases and nothing that marks them', 'Phases are marked by a cycle, or by a function in during.');
  if ((clients ?? 1) > 1)
    refuse('phases of several clients overlap', 'Leave out clients: what each keeps could not be told.');
}

/** `growth of switch` is measured as `growth-of-switch`. */
export const phaseMetric = (name: string): Metric => ({
  id: namedMetricId(metrics.growth.id, name),
  unit: 'B/op',
  better: 'lower',
});

/** One measurement for each declared phase; one that was never marked says so. */
export function phaseMeasurements(names: readonly string[], found: readonly PhaseGrowth[]): RoundMeasurement[] {
  return names.map((name, index) => {
    const growth = found.find((each) => each.name === name);
    const estimate = growth === undefined ? unknown : withAdvice(growth);
    const warnings = [growth === undefined ? neverMarked(name) : remark(growth, index)];
    return { metric: phaseMetric(name).id, data: { kind: 'estimate', estimate }, warnings };
  });
}

const unknown: Estimate = {
  ...{ value: 0, lo: -Infinity, hi: Infinity, confidence: 0, method: 'never marked' },
  warnings: [{ code: 'too-few-samples', message: 'a cycle that marks the phase' }],
};

const neverMarked = (name: string): Warning => ({
  code: 'never-marked',
  message: `the phase "${name}" was declared and never marked: await mark('${name}') where it begins`,
});

function withAdvice({ name, phases, reason, perOccurrence }: PhaseGrowth): Estimate {
  const more =
    reason === 'short'
      ? `at least ${leakPoints} phases, not ${phases}: a longer duration, or faster cycles`
      : `a longer duration, or more of it in a phase: mark('${name}', 100)`;
  const advice: Warning = { code: 'too-few-samples', message: more };
  return { ...perOccurrence, warnings: [...perOccurrence.warnings, advice] };
}

/** Remarks with the same code would be shown as one. */
const remark = (growth: PhaseGrowth, index: number): Warning => ({
  code: index === 0 ? 'phase' : `phase-${index + 1}`,
  message: describePhase(growth),
});

/** `switch, 48 times in 48 phases, keeps 1.2 MB: 25.6 kB each time [25 kB, 26 kB]`. */
export function describePhase(growth: PhaseGrowth): string {
  const { givenBackBy = [] } = growth;
  const givers = givenBackBy.map((name) => `"${name}"`).join(' and ');
  return describeAlone(growth) + (givers === '' ? '' : `; what ${givers} gives back is taken off`);
}

function describeAlone({ name, phases, occurrences, bytes, verdict, reason, ...growth }: PhaseGrowth): string {
  const size = (value: number): string => formatQuantity(value, 'B');
  const { value, lo, hi } = growth.perOccurrence;
  const extent = `${name}, ${formatNumber(occurrences)} times in ${formatNumber(phases)} phases`;
  if (verdict === 'leak') return `${extent}, keeps ${size(bytes)}: ${size(value)} each time [${size(lo)}, ${size(hi)}]`;
  if (reason === 'short') return `${extent}, too few to decide: ${size(bytes)} more than before`;
  if (verdict === 'stable')
    return `${extent}, keeps nothing: anything above ${size(growth.resolution)} each time would have been seen`;
  return `${extent}, may keep up to ${size(hi)} each time`;
}
