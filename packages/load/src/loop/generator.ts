import type { Clock, Nanos, LongCollection } from '@perfkeel/core';
import { CollectionWatch } from '../health/collection-watch.ts';
import { HealthWatch, type GeneratorHealth } from '../health/generator-health.ts';
import type { LoadPlan } from '../load-plan.ts';
import { measuredWindow } from '../profile/phase.ts';
import { LoadRecorder, type LoadAccounts, type LoadRecord } from '../record/load-recorder.ts';
import { stopwatch } from './load-run.ts';
import { prepareLoop } from './prepare-loop.ts';

/** How a generator ended. */
export interface GeneratorEnd {
  readonly interrupted: boolean;
  readonly cutAnswers: number;
  readonly health: GeneratorHealth;
  readonly collections: readonly LongCollection[];
  readonly accounts: LoadAccounts;
}

/** A generator under way. */
export interface RunningGenerator {
  /** Nanoseconds since the start of the run; negative before it. */
  readonly now: () => Nanos;
  readonly ended: Promise<GeneratorEnd>;
}

/** Something that is ready to send, in this thread or in others. */
export interface LoadGenerator {
  /** One of each thread that sends. */
  readonly records: readonly LoadRecord[];
  start(): RunningGenerator;
  /** How busy its event loop has been since this was asked last, in [0, 1]; the busiest of several. */
  utilisation(): number;
}

export interface GeneratorOptions {
  readonly url: string | undefined;
  readonly seed: number;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

/** A generator in this thread, which sends everything. */
export async function prepareGenerator(plan: LoadPlan, options: GeneratorOptions): Promise<LoadGenerator> {
  const { url, seed, clock, signal } = options;
  const recorder = new LoadRecorder(plan.profile.phases, plan.endpoints.length, plan.timeout);
  const stripe = { worker: 0, of: 1 };
  const startLoop = await prepareLoop(plan, { recorder, timeout: plan.timeout, seed, signal, stripe }, url);
  return {
    records: [recorder],
    utilisation: utilisationMeter(() => performance.eventLoopUtilization()),
    start() {
      const now = stopwatch(clock);
      return { now, ended: endOf(plan, recorder, () => startLoop(now)) };
    },
  };
}

/** Runs a loop, and watches the thread meanwhile. */
export async function endOf(
  plan: LoadPlan,
  recorder: LoadRecorder,
  loop: () => Promise<{ readonly interrupted: boolean; readonly cutAnswers?: number }>,
  startsIn = 0,
): Promise<GeneratorEnd> {
  const { start, end } = measuredWindow(plan.profile.phases);
  const health = new HealthWatch({ start: (start + startsIn) as Nanos, end: (end + startsIn) as Nanos });
  const collections = new CollectionWatch(startsIn);
  try {
    const { interrupted, cutAnswers = 0 } = await loop();
    const { settled, neverConnected, firstMessages } = recorder;
    const accounts = { settled, neverConnected, firstMessages };
    return { interrupted, cutAnswers, health: health.stop(), collections: collections.stop(), accounts };
  } finally {
    health.stop();
    collections.stop();
  }
}

type Utilisation = ReturnType<typeof performance.eventLoopUtilization>;

/** @param read the utilisation of a thread since it began */
export function utilisationMeter(read: () => Utilisation): () => number {
  let before = read();
  return () => {
    const now = read();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization;
  };
}
