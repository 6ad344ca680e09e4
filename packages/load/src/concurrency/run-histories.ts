import { describeValue, usageError, type RunningTarget } from '@perfkeel/core';
import { untilAborted } from '../until-aborted.ts';
import type { ConcurrencyHands } from './concurrency-options.ts';
import type { OperationHistory, Operation } from './operation.ts';
import { runBurst, type BurstContext } from './run-burst.ts';

/** Everything that one subject, or its control, did. */
export interface Histories {
  /** One for each burst where `prepare` puts the system back to its beginning, otherwise one. */
  readonly histories: readonly OperationHistory[];
  readonly operations: readonly Operation[];
  readonly bursts: number;
  /** Operations that were given up because nothing answered any more. */
  readonly dropped: number;
}

export interface HistoriesContext extends Omit<BurstContext, 'setup'> {
  readonly bursts: number;
  /** Called before each burst. */
  readonly onBurst: (burst: number) => void;
}

/** When nothing at all has answered for so many bursts, the next ones would only wait as well. */
const silenceToGiveUp = 2;

/** Runs burst after burst, and reads back what they left behind. `teardown` runs whatever happens. */
export async function runHistories(context: HistoriesContext): Promise<Histories> {
  const { hands, target, signal } = context;
  signal.throwIfAborted();
  const setup = await untilAborted(signal, hands.setup?.({ target, signal }));
  try {
    return await runBursts({ ...context, setup });
  } finally {
    await hands.teardown?.(setup);
  }
}

async function runBursts(context: HistoriesContext & BurstContext): Promise<Histories> {
  const { hands, setup, target, signal, plan } = context;
  const place = { setup, target, signal };
  const bursts: (readonly Operation[])[] = [];
  const histories: OperationHistory[] = [];
  let silent = 0;
  for (let burst = 0; burst < context.bursts && silent < silenceToGiveUp; burst++) {
    context.onBurst(burst);
    if (hands.prepare) await untilAborted(signal, hands.prepare({ ...place, burst }));
    const operations = await runBurst(context, burst);
    bursts.push(operations);
    silent = operations.some(({ outcome }) => outcome !== 'unknown') ? 0 : silent + 1;
    if (hands.prepare) histories.push({ operations, readBack: await readBack(hands, place) });
  }
  const operations = bursts.flat();
  if (!hands.prepare) histories.push({ operations, readBack: await readBack(hands, place) });
  return { histories, operations, bursts: bursts.length, dropped: (context.bursts - bursts.length) * plan.clients };
}

interface Place {
  readonly setup: unknown;
  readonly target: RunningTarget | undefined;
  readonly signal: AbortSignal;
}

async function readBack(
  { readBack }: ConcurrencyHands<unknown, unknown, unknown>,
  place: Place,
): Promise<readonly unknown[] | undefined> {
  if (readBack === undefined) return undefined;
  const items: unknown = await untilAborted(place.signal, readBack(place));
  // A copy: the next burst goes on writing into what a system in memory hands out.
  if (Array.isArray(items)) return [...(items as readonly unknown[])];
  throw usageError(`readBack returned ${describeValue(items)}, and no list`, {
    code: 'bad-read-back',
    hint: 'Return what the system holds as an array: readBack: async () => [ … ].',
    excerpt: 'readBack',
  });
}
