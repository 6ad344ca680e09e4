import { setTimeout } from 'node:timers/promises';
import { PerfError, msFromNanos, nanos, perSecond, type Clock, type Nanos } from '@perfkeel/core';
import { runPlan, type PlanContext } from '../generate-load.ts';
import { planLoad } from '../load-plan.ts';
import type { EvidencePlan } from '../evidence/evidence-options.ts';
import type { LoadResult } from '../load-result.ts';
import type { CapacityPlan } from './capacity-plan.ts';
import type { CapacityTrial } from './capacity-result.ts';
import { KneeWatch } from './knee-evidence.ts';
import { judgeTrial } from './judge-trial.ts';
import type { PlannedTrial } from './search-capacity.ts';

/** `startedAt` in nanoseconds since the search began. */
export type TimedResult = LoadResult & { readonly startedAt: Nanos };

/** Sends the load of trials to one target, one after the other. */
export interface TrialRunner {
  run(planned: PlannedTrial): Promise<CapacityTrial>;
  /** Load without a verdict. */
  load(rate: number, duration: number): Promise<TimedResult>;
  /** Nanoseconds since the search began. */
  now(): Nanos;
  /** What the target told in the trials. */
  readonly told: KneeWatch;
}

export type TrialContext = PlanContext & { readonly clock: Clock };

/** So many times it is asked whether the target has recovered, before the next trial begins anyway. */
const mostRecoveries = 10;
/** What counts as recovered: this many times the response time of the quietest trial, or less than 50 ms. */
const recovered = 4;
const quickEnough = 50e6;

export function createTrialRunner(plan: CapacityPlan, context: TrialContext): TrialRunner {
  const { clock, signal } = context;
  const start = clock.now();
  const now = (): Nanos => nanos(clock.now() - start);
  let quietest = Infinity;
  let trials = 0;
  const told = new KneeWatch(plan.evidence);
  const send = async (wanted: Omit<Wanted, 'seed'>): Promise<LoadResult> => {
    const result = await sendTrial(plan, context, { ...wanted, seed: trials });
    signal?.throwIfAborted();
    return result;
  };
  const settle = (): Promise<void> => sleep(plan.settle, signal);
  const recover = async (): Promise<void> => {
    for (let i = 0; i < mostRecoveries; i++) {
      const { failed, responseTime } = await send({ rate: 10, duration: 3e8, warmup: '0s' });
      if (failed === 0 && responseTime.max <= Math.max(quickEnough, recovered * quietest)) return;
      await settle();
    }
  };
  const load = async (wanted: Pick<Wanted, 'rate' | 'duration' | 'evidence'>): Promise<TimedResult> => {
    if (trials++ > 0) await settle();
    const startedAt = now();
    const result = await surviving(wanted.rate, trials > 1, () => send(wanted));
    // What nobody answered may still be at work in the target: nothing is in flight here, and it is not idle.
    if (result.censored > 0) await surviving(wanted.rate, true, recover);
    return { ...result, startedAt };
  };
  return {
    ...{ now, told },
    load: (rate, duration) => load({ rate, duration }),
    async run(planned) {
      const { rate, duration } = planned;
      const result = await load({ rate, duration, evidence: told.plan });
      const trial = describeTrial(plan, planned, result);
      told.add(trial, result.evidence);
      if (trial.outcome === 'good') quietest = Math.min(quietest, trial.p50);
      return trial;
    },
  };
}

async function sleep(duration: Nanos, signal: AbortSignal | undefined): Promise<void> {
  try {
    await setTimeout(msFromNanos(duration), undefined, signal ? { signal } : {});
  } finally {
    // Node rejects with an error of its own.
    signal?.throwIfAborted();
  }
}

interface Wanted {
  readonly rate: number;
  readonly duration: number;
  readonly warmup?: '0s';
  readonly evidence?: EvidencePlan | undefined;
  readonly seed: number;
}

function sendTrial(
  { work, arrivals }: CapacityPlan,
  context: TrialContext,
  { rate, duration, warmup, evidence, seed }: Wanted,
): Promise<LoadResult> {
  const { seed: first = 1 } = context;
  const pace = {
    arrivals,
    rate: `${rate}/s`,
    for: `${duration}ns`,
    ...(warmup === undefined ? {} : { warmup }),
  } as const;
  return runPlan(
    { ...planLoad({ ...work, ...pace }), evidence },
    { ...context, onProgress: () => undefined, seed: first + seed },
  );
}

const gone: ReadonlySet<string> = new Set(['target-refused', 'target-untrusted']);

/** A target that answered before and is gone now has not been measured: it has been overthrown. */
async function surviving<T>(rate: number, hasAnswered: boolean, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!hasAnswered || !(error instanceof PerfError) || !gone.has(error.code)) throw error;
    throw new PerfError(`the target no longer accepts connections, at a trial of ${rate}/s`, {
      code: 'target-died',
      hint: 'Look into its own output; a lower second rate in `between` keeps it alive.',
      cause: error,
    });
  }
}

function describeTrial(
  { conditions }: CapacityPlan,
  { rate, purpose, duration }: PlannedTrial,
  result: TimedResult,
): CapacityTrial {
  const { responseTime, throughput, failed, scheduled, dropped } = result;
  const elsewhere = result.warnings.find(({ code }) => code === 'redirected');
  return {
    ...{ rate: perSecond(rate), purpose, duration: nanos(duration), throughput },
    startedAt: result.startedAt,
    ...judgeTrial(result, conditions),
    p50: nanos(responseTime.quantile(0.5)),
    p99: nanos(responseTime.quantile(0.99)),
    errors: failed / Math.max(1, scheduled - dropped),
    ...(elsewhere === undefined ? {} : { elsewhere: elsewhere.message }),
  };
}
