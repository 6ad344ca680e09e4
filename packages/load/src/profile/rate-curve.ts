import type { Nanos } from '@perfkeel/core';
import type { Phase } from './phase.ts';

/** Sums of rates such as 100/m are not exact in binary: this near to a whole number they are meant to be one. */
const rounding = 1e-11;

function snapped(expected: number): number {
  const whole = Math.round(expected);
  return Math.abs(expected - whole) <= rounding * Math.max(1, whole) ? whole : expected;
}

/** Arrivals that a phase is expected to have: the area under its line. */
const areaOf = ({ duration, level: { from, to } }: Phase): number => (((from + to) / 2) * duration) / 1e9;

/**
 * The arrival rate of an open profile over time, as the integral of it: how many arrivals are expected until a moment,
 * and when so many are reached. Exact, no steps: a ramp is a parabola here, and this is its inverse in closed form.
 *
 *     rate         /‾‾‾‾‾|           expected          __.--'
 *                 /      |                          .-'
 *           _____/       |                 ____..--'
 *           hold  ramp hold                hold   ramp  hold
 */
export class RateCurve {
  /** Arrivals expected before each phase. */
  readonly before: readonly number[];
  /** Arrivals expected in all. */
  readonly total: number;
  readonly #phases: readonly Phase[];
  readonly #starts: readonly number[];

  constructor(phases: readonly Phase[]) {
    let [expected, time] = [0, 0];
    const [before, starts]: [number[], number[]] = [[], []];
    for (const phase of phases) {
      before.push(snapped(expected));
      starts.push(time);
      expected = snapped(expected) + areaOf(phase);
      time += phase.duration;
    }
    this.before = before;
    this.total = snapped(expected);
    this.#phases = phases;
    this.#starts = starts;
  }

  /**
   * The phase in which the expectation passes `expected`, which lies in [0, total).
   *
   * @param from a phase that is not behind it, where the search begins
   */
  phaseAt(expected: number, from = 0): number {
    let phase = from;
    while (phase + 1 < this.before.length && expected >= this.before[phase + 1]!) phase += 1;
    return phase;
  }

  /** When so many arrivals are expected to have come, in nanoseconds since the start of the run. */
  timeAt(expected: number, phase = this.phaseAt(expected)): Nanos {
    const { duration, level } = this.#phases[phase]!;
    const inPhase = timeToReach(expected - this.before[phase]!, duration, level.from, level.to);
    return (this.#starts[phase]! + Math.min(inPhase, duration)) as Nanos;
  }
}

/**
 * Solves from t + (to - from) t^2 / (2 duration) = count, with t in seconds here and nanoseconds outside. In the form
 * that divides by the root nothing cancels, so that a ramp that hardly rises is as exact as one from nothing.
 */
function timeToReach(count: number, duration: number, from: number, to: number): number {
  if (count <= 0) return 0;
  if (from === to) return (count * 1e9) / from;
  const slope = ((to - from) * 1e9) / duration;
  const root = Math.sqrt(Math.max(0, from * from + 2 * slope * count));
  // So small a count that its square root is lost: 0 / 0 would put it at the end of the phase.
  if (from + root === 0) return 0;
  return (2 * count * 1e9) / (from + root);
}
