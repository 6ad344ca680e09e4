import { normalQuantile, type Rng } from '@perfkeel/core';
import {
  searchCapacity,
  type PlannedTrial,
  type SearchEnd,
  type SearchGoal,
  type TrialOutcome,
} from '../../src/capacity/search-capacity.ts';

const second = 1e9;

export const searchGoal = (changed: Partial<SearchGoal> = {}): SearchGoal => ({
  ...{ low: 50, high: 2000, width: 0.05, trial: 10 * second, scout: 2 * second },
  ...{ durationSum: 30 * second, exceedRatio: 0.5, budget: 150 * second },
  ...changed,
});

export interface SimulatedEnd extends SearchEnd {
  readonly trials: readonly PlannedTrial[];
  /** What it would have taken, with warm-up, settling and the backlog of overload. */
  readonly seconds: number;
}

/** Runs a search against a function. */
export function simulate(
  goal: SearchGoal,
  outcomeOf: (trial: PlannedTrial, index: number) => TrialOutcome['outcome'],
  overloadOf: (rate: number) => number = () => 0,
): SimulatedEnd {
  const steps = searchCapacity(goal);
  const trials: PlannedTrial[] = [];
  let elapsed = 0;
  let step = steps.next();
  while (!step.done) {
    const { rate, duration } = step.value;
    trials.push(step.value);
    elapsed += duration + Math.min(duration / 5, second) + second / 2 + overloadOf(rate) * duration;
    step = steps.next({ outcome: outcomeOf(step.value, trials.length - 1), elapsed });
  }
  return { ...step.value, trials, seconds: elapsed / second };
}

/** A system whose p99 is exactly at its limit at `capacity`, grows with the fourth power of the load, and is noisy. */
export interface NoisySystem {
  readonly capacity: number;
  /** Standard deviation of the logarithm of p99 in a full trial; scouts have more in proportion to their length. */
  readonly noise: number;
  /** The share of trials in which something else makes everything bad. */
  readonly polluted: number;
  /** Whether the generator notices that. */
  readonly noticed: boolean;
}

export function simulateNoisy(goal: SearchGoal, system: NoisySystem, rng: Rng): SimulatedEnd {
  const { capacity, noise, polluted, noticed } = system;
  const normal = (): number => normalQuantile(0.0001 + 0.9998 * rng());
  return simulate(
    goal,
    ({ rate, duration }) => {
      const logP99 = 4 * Math.log(rate / capacity) + noise * Math.sqrt(goal.trial / duration) * normal();
      if (rng() < polluted) return noticed ? 'invalid' : 'bad';
      return logP99 < 0 ? 'good' : 'bad';
    },
    (rate) => Math.max(0, rate / capacity - 1),
  );
}
