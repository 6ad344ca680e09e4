import { performance } from 'node:perf_hooks';
import type { Completion } from '../client/completion.ts';
import { Asker, type Hands } from './asker.ts';

/** Many requests at once. */
export interface StabilityResult {
  /** One request before, by itself: the model may not be loaded. It is in none of the numbers but the errors. */
  readonly warmUp: Completion;
  readonly completions: readonly Completion[];
  readonly inFlight: number;
  /** Nanoseconds from the first request to the last answer. */
  readonly elapsed: number;
  /** The share of that time in which this process was busy. */
  readonly busy: number;
  readonly dropped: number;
}

/** So many clients, each of which waits for its answer before it asks again. */
export async function measureStability(hands: Hands): Promise<StabilityResult> {
  const { plan, clock, progress, seed } = hands;
  // Numbered behind the requests of the baseline.
  const first = 1 + plan.samples;
  progress('the first request');
  const warmUp = await new Asker(hands).ask(plan.models[0]!, plan.promptOf(first, seed));
  const asker = new Asker(hands);
  asker.plan(plan.requests);
  progress(`${plan.inFlight} requests at once`);
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < plan.requests && !asker.hopeless) {
      await asker.ask(plan.models[0]!, plan.promptOf(first + ++next, seed));
    }
  };
  const idle = performance.eventLoopUtilization();
  const start = clock.now();
  await Promise.all(Array.from({ length: Math.min(plan.inFlight, plan.requests) }, client));
  return {
    warmUp,
    completions: asker.completions,
    inFlight: plan.inFlight,
    elapsed: clock.now() - start,
    busy: performance.eventLoopUtilization(idle).utilization,
    dropped: asker.dropped,
  };
}
