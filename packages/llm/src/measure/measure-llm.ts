import { performance } from 'node:perf_hooks';
import { nanosFromMs, type Clock, type RunningTarget } from '@perfkeel/core';
import { ChatClient } from '../client/chat-client.ts';
import { planLlm, shortened, type LlmPlan } from '../plan-llm.ts';
import { serverOf, verifySubject, type LlmPhase, type LlmSubject } from '../subject.ts';
import type { Hands } from './asker.ts';
import { measureBaseline, type BaselineResult } from './baseline-phase.ts';
import { measureCrossModel, type CrossModelResult } from './cross-model-phase.ts';
import { residentBytes } from './resident-bytes.ts';
import { PatientClient } from './patient-client.ts';
import { measureStability, type StabilityResult } from './stability-phase.ts';

/** Where a direct call measures. Everything has a default. */
export interface LlmContext {
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** Decides which facts are told. @default 1 */
  readonly seed?: number;
  /** As little work as possible over the same code path. @default false */
  readonly short?: boolean;
  readonly target?: RunningTarget | undefined;
  readonly progress?: (text: string) => void;
}

/** What one round found: a part for each phase that was measured. */
export interface LlmResult {
  readonly plan: LlmPlan;
  /** Nanoseconds for which the server took no request at first, as while it loads a model; in none of the times. */
  readonly waited?: number | undefined;
  readonly baseline?: BaselineResult | undefined;
  readonly crossModel?: CrossModelResult | undefined;
  readonly stability?: StabilityResult | undefined;
}

const processClock: Clock = { now: () => nanosFromMs(performance.now()) };

/**
 * Measures a server of language models, with no runner around, phase by phase.
 *
 * @throws PerfError `bad-option` or `bad-quantity`. A server that does not answer is data: every request failed.
 * @example
 * const result = await measureLlm({ url: 'http://127.0.0.1:11434/v1', models: 'small' });
 * console.log(renderLlm(result));
 */
export async function measureLlm(subject: LlmSubject, context: LlmContext = {}): Promise<LlmResult> {
  verifySubject(subject);
  return measurePlan(subject, planLlm(subject, [], 1), context);
}

export async function measurePlan(subject: LlmSubject, whole: LlmPlan, context: LlmContext): Promise<LlmResult> {
  const { clock = processClock, signal = new AbortController().signal, seed = 1, short = false } = context;
  const { target, progress = () => undefined } = context;
  const plan = short ? shortened(whole) : whole;
  const { timeoutMs, startTimeoutMs, awaitsConnection } = plan;
  const client = new PatientClient(new ChatClient(serverOf(subject, target), { clock, timeoutMs }), {
    ...{ clock, signal, progress, timeoutMs, startTimeoutMs, awaitsConnection, pid: target?.pid },
  });
  const memoryOf = async (): Promise<number | undefined> => {
    if (subject.memoryOf !== undefined) return subject.memoryOf();
    return target?.pid === undefined ? undefined : residentBytes(target.pid);
  };
  const hands: Hands = { client, plan, clock, signal, seed, progress, memoryOf };
  const stop = (): void => client.close();
  signal.addEventListener('abort', stop, { once: true });
  const wants = (phase: LlmPhase): boolean => plan.phases.includes(phase);
  try {
    const phases = {
      baseline: wants('baseline') ? await measureBaseline(hands) : undefined,
      crossModel: wants('cross-model') ? await measureCrossModel(hands) : undefined,
      stability: wants('stability') ? await measureStability(hands) : undefined,
    };
    return { plan, waited: client.waited, ...phases };
  } finally {
    signal.removeEventListener('abort', stop);
    client.close();
  }
}
