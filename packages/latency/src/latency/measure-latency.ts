import { usageError, type RunningTarget, type TargetSpec } from '@perfkeel/core';
import { fullContext, type FullContext, type MeasureContext } from '../measure-context.ts';
import { functionOption, optionsObject, wholeNumber } from '../options.ts';
import { inTurns, untilAborted } from './in-turns.ts';
import { Tally, type LatencyResult } from './tally.ts';

/** What each call of a latency benchmark is given. */
export interface LatencyCall<State = undefined> {
  /** What `setup` returned; shared by all calls. */
  readonly setup: State;
  /** The running target, when the benchmark names one. */
  readonly target: RunningTarget | undefined;
  /** Aborts when the measurement is to stop. */
  readonly signal: AbortSignal;
  /** Counts the calls of this round from 0, those of the warm-up included: no two calls have the same. */
  readonly index: number;
}

/** An operation that is timed call by call. */
export interface LatencySubject<State = undefined> {
  /** The operation; timed until what it returns has settled. A rejection is counted, and its time left out. */
  readonly run: (call: LatencyCall<State>) => unknown;
  /** Makes what the calls share: once, outside the clock. */
  readonly setup?: (context: Omit<LatencyCall, 'setup' | 'index'>) => State | Promise<State>;
  /** Takes down what `setup` made, also after a failure. */
  readonly teardown?: (state: State) => unknown;
  /** Timed calls. @default 200 */
  readonly samples?: number;
  /** Calls before those, untimed. @default a tenth of `samples`, and at least `concurrency` */
  readonly warmup?: number;
  /** How many calls are under way at a time; the next begins when one has ended. @default 1 */
  readonly concurrency?: number;
  /** The system under test, started before each round. */
  readonly target?: TargetSpec;
}

/** Timed calls of a round when nobody says how many. */
export const defaultSamples = 200;
const shortSamples = 20;

/** @throws PerfError with exit code 2 when an option is wrong. */
export function checkLatencySubject<State>(subject: LatencySubject<State>): void {
  optionsObject('latency', subject);
  functionOption('run', subject.run, true);
  functionOption('setup', subject.setup, false);
  functionOption('teardown', subject.teardown, false);
  wholeNumber('samples', subject.samples ?? defaultSamples, 1);
  wholeNumber('warmup', subject.warmup ?? 0, 0);
  wholeNumber('concurrency', subject.concurrency ?? 1, 1);
}

/**
 * Times an operation call by call in this process, with a fixed number of calls under way (a closed loop): a slow call
 * delays the next one, so this says how long the operation takes, and not how long users of an open system wait.
 *
 * @throws the first error as it is, when every call failed: there is nothing to measure then; and whatever `setup`
 * throws
 * @example
 * const { responseTime } = await measureLatency({ run: () => fetch('http://127.0.0.1:3000/') });
 * responseTime.quantile(0.99); // nanoseconds
 */
export async function measureLatency<State = undefined>(
  subject: LatencySubject<State>,
  context: MeasureContext = {},
): Promise<LatencyResult> {
  checkLatencySubject(subject);
  const surroundings = fullContext({ ...context, target: context.target ?? runningTarget(subject.target) });
  surroundings.signal.throwIfAborted();
  const { target, signal } = surroundings;
  const state = (await subject.setup?.({ target, signal })) as State;
  try {
    return await timeCalls(subject, state, surroundings);
  } finally {
    await subject.teardown?.(state);
  }
}

/** A url needs nobody to start it; a command does, and that is the runner's work. */
function runningTarget(spec: TargetSpec | undefined): RunningTarget | undefined {
  if (spec === undefined) return undefined;
  if (spec.kind === 'url') return { url: spec.url };
  throw usageError('measureLatency does not start the command of a target', {
    code: 'target-not-started',
    hint: "Start it yourself and pass { target: { url: 'http://127.0.0.1:3000' } } as the second argument.",
  });
}

async function timeCalls<State>(
  subject: LatencySubject<State>,
  state: State,
  { short, target, signal, clock, collectGarbage, progress }: FullContext,
): Promise<LatencyResult> {
  const { run, concurrency = 1 } = subject;
  const samples = short ? Math.min(subject.samples ?? shortSamples, shortSamples) : (subject.samples ?? defaultSamples);
  const warmup = warmupCalls(subject, samples, short);
  let index = 0;
  const makeCall = (): LatencyCall<State> => ({ setup: state, target, signal, index: index++ });
  const turns = { width: concurrency, signal, clock, makeCall, run };
  await untilAborted(signal, inTurns({ ...turns, count: warmup }, new Tally(clock)));
  collectGarbage();
  const tally = new Tally(clock, (calls) => progress(`${calls} of ${samples} calls`));
  await untilAborted(signal, inTurns({ ...turns, count: samples }, tally));
  return tally.result();
}

function warmupCalls<State>(
  { warmup, concurrency = 1 }: LatencySubject<State>,
  samples: number,
  short: boolean,
): number {
  const wanted = warmup ?? Math.max(concurrency, Math.ceil(samples / 10));
  return short ? Math.min(wanted, concurrency) : wanted;
}
