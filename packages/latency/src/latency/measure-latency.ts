import { usageError, type RunningTarget, type TargetSpec } from '@perfkeel/core';
import { fullContext, type FullContext, type MeasureContext } from '../measure-context.ts';
import { checkLatencySubject } from './check-subject.ts';
import type { LatencyResult } from './latency-result.ts';
import type { LatencySubject } from './latency-subject.ts';
import { beginWork } from './latency-work.ts';
import { timeCalls, type SharedByCalls } from './time-calls.ts';

/**
 * Times an operation call by call in this process, with a fixed number of calls under way (a closed loop): a slow call
 * delays the next one, so this says how long the operation takes, and not how long users of an open system wait.
 *
 * @throws the first error as it is, when every call failed: there is nothing to measure then; and whatever `setup`
 * throws; PerfError `unknown-component` when a call marked a component that is not declared
 * @example
 * const { responseTime } = await measureLatency({ run: () => fetch('http://127.0.0.1:3000/') });
 * responseTime.quantile(0.99); // nanoseconds
 */
export async function measureLatency<State = undefined, const Component extends string = never>(
  subject: LatencySubject<State, Component>,
  context: MeasureContext = {},
): Promise<LatencyResult> {
  checkLatencySubject(subject as LatencySubject<unknown, string>);
  return measureSubject(subject as LatencySubject<State, string>, context, {});
}

/** A subject that has been looked at, with the parameters of its place in a family. */
export async function measureSubject<State>(
  subject: LatencySubject<State, string>,
  context: MeasureContext,
  parameters: object,
): Promise<LatencyResult> {
  const surroundings = fullContext({ ...context, target: context.target ?? runningTarget(subject.target) });
  surroundings.signal.throwIfAborted();
  const { target, signal } = surroundings;
  const state = (await subject.setup?.({ target, signal, parameters })) as State;
  try {
    return await timeWork(subject, { setup: state, parameters }, surroundings);
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

async function timeWork<State>(
  subject: LatencySubject<State, string>,
  shared: SharedByCalls<State>,
  surroundings: FullContext,
): Promise<LatencyResult> {
  const work = beginWork(subject, shared.parameters, surroundings.target);
  try {
    return await timeCalls(subject, work, shared, surroundings);
  } finally {
    work.close();
  }
}
