import {
  formatChange,
  formatQuantity,
  nanos,
  type Clock,
  type Estimate,
  type Nanos,
  type Warning,
} from '@perfkeel/core';
import { calibrateBatch } from './batch-size.ts';
import { shownChange, steadiness, type Steadiness, type Trend } from './steady-state.ts';

/** What happened before the measured part. */
export interface WarmUp {
  /** Whether the time per operation was shown to have settled before it was measured. */
  readonly steady: boolean;
  /** What the last look at it saw. */
  readonly trend: Trend;
  /** How much longer the newer batches took than the older ones: -0.1 is 10 % less. Absent with too few batches. */
  readonly change?: Estimate | undefined;
  readonly batches: number;
  /** Nanoseconds. */
  readonly elapsed: Nanos;
}

/** When a warm-up may end, and when it must. */
export interface WarmUpPlan {
  /** How long a batch should last. */
  readonly target: Nanos;
  readonly least: Nanos;
  readonly most: Nanos;
}

/** Times so many operations. */
export type TimeBatch = (count: number) => Nanos | Promise<Nanos>;

/** The first third of a warm-up is compilation by rule, so it is not looked at. */
const skipped = 1 / 3;
/** Every look that shows a steady state by accident ends the warm-up, so there are only some ten of them. */
const lookFactor = 1.25;

/**
 * Runs batches until the time per operation has settled, and finds the size of the batches on the way.
 *
 * The steady state must have lasted for two thirds of the warm-up, however long that is: the engine compiles in several
 * tiers, and each has a plateau before it.
 *
 *     |  skipped  |   older   |   newer   |  look: do they differ by less than 5 %?
 *     0          1/3         2/3         now
 *
 * @param between called before each batch, off the clock
 */
export async function warmUp(
  timeBatch: TimeBatch,
  { target, least, most }: WarmUpPlan,
  clock: Clock,
  between: () => Promise<void>,
): Promise<{ readonly batchSize: number; readonly warmup: WarmUp }> {
  const calibration = calibrateBatch(target);
  const times: number[] = [];
  const begin = clock.now();
  let [batches, elapsed, nextLook] = [0, 0, least as number];
  let seen: Steadiness = { trend: 'too-few' };
  do {
    await between();
    const { size } = calibration;
    const took = await timeBatch(size);
    if (calibration.observe(took)) times.push(took / size);
    batches++;
    elapsed = clock.now() - begin;
    if (elapsed < Math.min(nextLook, most)) continue;
    nextLook = elapsed * lookFactor;
    seen = steadiness(times.slice(Math.floor(times.length * skipped)));
  } while (times.length === 0 || (elapsed < most && seen.trend !== 'steady'));
  return {
    batchSize: calibration.size,
    warmup: { steady: seen.trend === 'steady', ...seen, batches, elapsed: nanos(elapsed) },
  };
}

/** What was seen in the two halves, in words. */
const saw: Record<Exclude<Trend, 'steady'>, string> = {
  faster: 'it was still getting faster',
  slower: 'it was still getting slower',
  unclear: 'it varied too much to tell',
  'too-few': 'too few batches to tell',
};

/** From here on a number is that of code that is still being compiled, and breaks no promise of the compiled one. */
const notWarm = -0.1;

/** The warning `not-steady` of a warm-up that ended without a steady state. */
export function notSteadyBefore({ steady, trend, change, batches, elapsed }: WarmUp): readonly Warning[] {
  if (steady || trend === 'steady') return [];
  const message =
    `no steady state after ${batches} ${batches === 1 ? 'batch' : 'batches'} and ${formatQuantity(elapsed, 'ns')} ` +
    `of warm-up, ${saw[trend]}${changeText(change)}: allow more with the option warmup`;
  return [{ code: 'not-steady', message, ...banOf(trend, change) }];
}

/** The warning `not-steady` when the time per operation went to another level in the measured part. */
export function notSteadyWhile(times: readonly number[]): readonly Warning[] {
  const seen = shownChange(times);
  if (seen === undefined) return [];
  const verb = seen.trend === 'faster' ? 'faster' : 'slower';
  const message = `no steady state while it was measured, it got ${verb}${changeText(seen.change)}: measure for longer, or in a quieter moment`;
  return [{ code: 'not-steady', message, ...banOf(seen.trend, seen.change) }];
}

const banOf = (trend: Trend, change: Estimate | undefined): Pick<Warning, 'forbids'> =>
  trend === 'faster' && change !== undefined && change.hi < notWarm ? { forbids: 'fail' } : {};

const changeText = (change: Estimate | undefined): string =>
  change === undefined
    ? ''
    : ` (${formatChange(change.value)} [${formatChange(change.lo)}, ${formatChange(change.hi)}] from its older to its newer part)`;
