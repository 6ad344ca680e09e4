import {
  formatNumber,
  formatQuantity,
  parseDuration,
  parseRate,
  usageError,
  type DurationText,
  type RateText,
} from '@perfkeel/core';
import { projectGrowth, type Projection } from './analysis/project-growth.ts';
import type { LeakReport } from './detect-leak.ts';

/** How long the code will really run. */
export interface ProjectionOptions {
  /** How long it will run at `rate`. */
  readonly plannedFor?: DurationText;
  /** Iterations per time of the real thing. */
  readonly rate?: RateText;
  /** Iterations of any other plan by its name: `{ 'a day': 8.6e6 }`. */
  readonly project?: Readonly<Record<string, number>>;
}

export interface PlannedLength {
  readonly label: string;
  readonly iterations: number;
}

/** The lengths that were asked for, the one of `plannedFor` first. @throws PerfError with exit code 2 */
export function planProjections({ plannedFor, rate, project }: ProjectionOptions): PlannedLength[] {
  const wrong = (message: string, hint: string, excerpt: string): never => {
    throw usageError(message, { code: 'bad-option', hint, excerpt });
  };
  if (plannedFor === undefined && rate !== undefined)
    wrong('there is a rate and no plannedFor', "Add plannedFor: '8h'.", 'rate');
  if (plannedFor !== undefined && rate === undefined) {
    wrong('plannedFor needs the rate of iterations', "Add rate: '100/s'.", 'plannedFor');
  }
  const planned =
    plannedFor === undefined || rate === undefined
      ? []
      : [{ label: `${plannedFor} at ${rate}`, iterations: (parseDuration(plannedFor) / 1e9) * parseRate(rate) }];
  if (project !== undefined && (typeof project !== 'object' || project === null)) {
    wrong('project is not an object', "Write project: { 'a day': 8.6e6 }.", 'project');
  }
  const lengths = [...planned, ...Object.entries(project ?? {}).map(([label, iterations]) => ({ label, iterations }))];
  const bad = lengths.find(({ iterations }) => !(Number.isFinite(iterations) && iterations > 0));
  if (bad) wrong(`"${bad.label}" is ${bad.iterations} iterations`, "Write project: { 'a day': 8.6e6 }.", 'project');
  return lengths;
}

export interface LabelledProjection extends Projection {
  readonly label: string;
}

export const projectReport = (report: LeakReport, lengths: readonly PlannedLength[]): LabelledProjection[] =>
  lengths.map(({ label, iterations }) => ({ label, ...projectGrowth(report, iterations) }));

/** `8h at 100/s (2 880 000 iterations): at most 72 MB`. */
export function describeProjection({ label, iterations, lower, upper }: LabelledProjection): string {
  const size = (bytes: number): string => formatQuantity(bytes, 'B');
  const range = lower > 0 ? `${size(lower)} to ${size(upper)}` : `at most ${size(upper)}`;
  return `${label} (${formatNumber(iterations)} iterations) would leave ${Number.isFinite(upper) ? range : 'an unknown amount'} behind`;
}
