import {
  PerfError,
  createHistogram,
  createRng,
  deriveSeed,
  nanos,
  proportionBounds,
  usageError,
  type Clock,
  type Histogram,
  type RunningTarget,
  type TargetSpec,
} from '@perfkeel/core';
import type { ConcurrencySubject } from './concurrency-options.ts';
import { planConcurrency, type ConcurrencyPlan } from './concurrency-plan.ts';
import type { ConcurrencyResult, ControlResult } from './concurrency-result.ts';
import { concurrencyWarnings, type Measured } from './concurrency-warnings.ts';
import type { Invariant } from './invariant.ts';
import { judgeHistories } from './judge-histories.ts';
import { linearizable } from './linearizability/linearizable.ts';
import type { Operation, Outcome } from './operation.ts';
import { measureOverlap } from './overlap.ts';
import { runHistories, type Histories } from './run-histories.ts';
import { processClock } from '../process-clock.ts';

/** Where a direct call measures. Everything has a default; the runner fills it in for declarations. */
export interface ConcurrencyContext {
  /** A target that already answers. @default the one of the options, when it is a url */
  readonly target?: RunningTarget | undefined;
  /** Of the order in which operations are released, of pauses, and of inputs. @default 1 */
  readonly seed?: number;
  /** @default the monotonic clock of this process */
  readonly clock?: Clock;
  /** Stops the measurement: the promise then rejects with its reason. */
  readonly signal?: AbortSignal;
  /** As little work as possible over the same code path. @default false */
  readonly short?: boolean;
  /** Called at most four times a second with one short line. */
  readonly onProgress?: (text: string) => void;
}

/**
 * Releases the operations of many clients at once, again and again, and holds what they were answered against
 * invariants, with no runner around.
 *
 * @throws PerfError `bad-concurrency` for wrong options, `nothing-answered` when no operation ever did; whatever
 * `setup`, `prepare` and `readBack` throw
 * @example
 * const result = await measureConcurrency({ clients: 50, op: () => store.nextId(), invariants: [uniqueValues()] });
 * console.log(result.verdict, result.findings[0]?.violations[0]?.message);
 */
export async function measureConcurrency<Value, State = undefined, Input = undefined>(
  options: ConcurrencySubject<Value, State, Input>,
  context: ConcurrencyContext = {},
): Promise<ConcurrencyResult> {
  const plan = planConcurrency(options);
  return runConcurrency(plan, { ...context, target: context.target ?? runningTarget(options.target) });
}

/** A url needs nobody to start it; a command does, and that is the runner's work. */
function runningTarget(spec: TargetSpec | undefined): RunningTarget | undefined {
  if (spec === undefined) return undefined;
  if (spec.kind === 'url') return { url: spec.url };
  throw usageError('measureConcurrency does not start the command of a target', {
    code: 'target-not-started',
    hint: "Start it yourself and pass { target: { url: 'http://127.0.0.1:3000' } } as the second argument.",
  });
}

const shortBursts = 2;

/** Measures what has been planned. */
export async function runConcurrency(plan: ConcurrencyPlan, context: ConcurrencyContext): Promise<ConcurrencyResult> {
  const { clock = processClock } = context;
  const run = prepareRun(plan, { ...context, clock });
  // First, since it says whether the rest is worth anything.
  const control = plan.control && judgeControl(await run(plan.control, 'control, '), invariantsOf(plan, clock));
  const histories = await run(plan.subject, '');
  refuseSilence(histories);
  const { operations, bursts, dropped } = histories;
  const { findings, violatedBursts } = judgeHistories(histories, invariantsOf(plan, clock));
  const measured: Measured = {
    ...{ operations, bursts, dropped, findings, violatedBursts, control },
    outcomes: countOutcomes(operations),
    retried: operations.reduce((sum, { attempts }) => sum + attempts - 1, 0),
    violations: findings.reduce((sum, { violations }) => sum + violations.length, 0),
    upperBound: proportionBounds(violatedBursts, bursts, 0.95).hi,
    overlap: measureOverlap(operations),
    responseTime: responseTimes(operations),
  };
  const warnings = concurrencyWarnings(measured, plan);
  const doubtful = warnings.some(({ forbids }) => forbids === 'verdict');
  return { ...measured, warnings, verdict: measured.violations > 0 ? 'fail' : doubtful ? 'inconclusive' : 'pass' };
}

function invariantsOf({ invariants, linearizable: wanted }: ConcurrencyPlan, clock: Clock): readonly Invariant[] {
  return wanted === undefined ? invariants : [...invariants, linearizable(wanted.model, wanted.budget, clock)];
}

const progressInterval = 250e6;

type Run = (hands: ConcurrencyPlan['subject'], what: string) => Promise<Histories>;

function prepareRun(plan: ConcurrencyPlan, context: ConcurrencyContext & { readonly clock: Clock }): Run {
  const { clock, target, seed = 1, short = false, onProgress, signal = new AbortController().signal } = context;
  const start = clock.now();
  const now = (): ReturnType<Clock['now']> => nanos(clock.now() - start);
  const bursts = short ? Math.min(plan.bursts, shortBursts) : plan.bursts;
  let reported = 0;
  return (hands, what) => {
    const random = createRng(deriveSeed(seed, what === '' ? 0 : 1));
    const onBurst = (burst: number): void => {
      if (onProgress === undefined || now() - reported < progressInterval) return;
      reported = now();
      onProgress(`${what}burst ${burst + 1} of ${bursts}`);
    };
    return runHistories({ plan, hands, target, signal, random, now, bursts, onBurst });
  };
}

function judgeControl(histories: Histories, invariants: readonly Invariant[]): ControlResult {
  const { findings, violatedBursts } = judgeHistories(histories, invariants);
  const broken = findings.find(({ violations }) => violations.length > 0);
  return {
    detected: broken !== undefined,
    bursts: histories.bursts,
    violatedBursts,
    counterexample: broken?.violations[0]?.message,
    error: histories.operations.find(({ outcome }) => outcome !== 'ok')?.error,
  };
}

/** A system that refuses everything was not raced against. */
function refuseSilence({ operations }: Histories): void {
  if (operations.some(({ outcome }) => outcome !== 'error')) return;
  throw new PerfError(`all ${operations.length} operations failed, the first with: ${operations[0]?.error}`, {
    code: 'nothing-answered',
    hint: 'Make a single operation work first; throw in `op` only for what was refused.',
  });
}

function countOutcomes(operations: readonly Operation[]): Record<Outcome, number> {
  const counts = { ok: 0, error: 0, unknown: 0 };
  for (const { outcome } of operations) counts[outcome] += 1;
  return counts;
}

function responseTimes(operations: readonly Operation[]): Histogram {
  const histogram = createHistogram();
  for (const { outcome, callAt, returnAt } of operations) {
    if (outcome === 'ok') histogram.record(returnAt - callAt);
  }
  return histogram;
}
