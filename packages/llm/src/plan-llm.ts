import {
  metrics,
  msFromNanos,
  parseDuration,
  samplesForQuantile,
  samplesForUpperBound,
  type DurationText,
  type ParsedObjective,
  type JsonObject,
  type Tokenizer,
} from '@perfkeel/core';
import type { ChatMessage } from './client/chat-client.ts';
import { defaultFiller } from './measure/facts.ts';
import type { GoodputLimits } from './measure/goodput.ts';
import { llmMetrics } from './measure/llm-metrics.ts';
import { wilsonTrials } from './measure/wilson.ts';
import { llmPhases, type LlmPhase, type LlmSubject } from './subject.ts';

/** Everything that a round does, with every number decided. */
export interface LlmPlan {
  /** The first is measured. */
  readonly models: readonly string[];
  readonly phases: readonly LlmPhase[];
  /** Of the n-th request of a round with this seed. */
  readonly promptOf: (n: number, seed: number) => readonly ChatMessage[];
  readonly maxTokens: number;
  readonly body: JsonObject;
  readonly timeoutMs: number;
  /** How long the first request may have to wait for a server that is loading. */
  readonly startTimeoutMs: number;
  /** Whether it also waits for a server that refuses connections. */
  readonly awaitsConnection: boolean;
  readonly tokenizer: Tokenizer | undefined;
  readonly samples: number;
  readonly facts: number;
  readonly turns: readonly number[];
  readonly filler: string;
  /** From the first model over all others and back. */
  readonly tours: number;
  /** Questions behind each switch; the first of them is the switch. */
  readonly asks: number;
  readonly inFlight: number;
  readonly requests: number;
  readonly goodput: GoodputLimits | undefined;
}

const tasks = [
  'Tell a short story about a lighthouse keeper who counts ships.',
  'Explain to a child why the sky is blue and the evening is red.',
  'Describe the steps of baking bread, from the flour to the table.',
  'Compare travelling by train with travelling by ship.',
];
/** Each begins with numbers of its own: a server that keeps what it has read has not read this one. */
const numberedTask = (n: number, seed: number): string => `${seed}.${n}: ${tasks[n % tasks.length]}`;
/** Both bounds of a quantile and of a share: those of the judgement. */
const confidence = 0.95;
/** In a round, unless the options ask for more. */
const mostOfAKind = 1000;
const least = { samples: 20, facts: 20, switches: 20, perClient: 10 };

/**
 * Decides how much a round measures: what the options say, otherwise as much as the objectives take to be decided if all
 * goes well.
 *
 * @param rounds over which quantiles and shares of failures are pooled; the Wilson interval of a round stands alone
 */
export function planLlm(subject: LlmSubject, objectives: readonly ParsedObjective[], rounds: number): LlmPlan {
  const { models, prompts = numberedTask, context = {}, inFlight = 10, timeout = '60s', goodput } = subject;
  const names = typeof models === 'string' ? [models] : models;
  const phases = subject.phases ?? llmPhases.filter((phase) => phase !== 'cross-model' || names.length > 1);
  const needs = needsOf(objectives, rounds, phases);
  const switches = subject.switches ?? needs.switches;
  const tours = Math.ceil(switches / names.length);
  return {
    models: names,
    phases,
    promptOf: promptsFrom(prompts),
    maxTokens: subject.maxTokens ?? 64,
    body: subject.body ?? {},
    timeoutMs: msFromNanos(parseDuration(timeout)),
    ...patienceOf(subject),
    tokenizer: subject.tokenizer,
    samples: subject.samples ?? needs.samples,
    facts: context.facts ?? needs.facts,
    turns: context.turns ?? [0, 2, 4, 8],
    filler: context.filler ?? defaultFiller,
    tours,
    // The second one is what the first is held against: the same model, warm.
    asks: Math.max(2, Math.ceil(needs.questions / (tours * names.length))),
    inFlight,
    requests: subject.requests ?? Math.max(least.perClient * inFlight, needs.requests),
    goodput: goodput && limitsOf(goodput),
  };
}

/** A url that nobody said is still to come may simply be wrong: then nobody wants to wait. */
function patienceOf({ target, startTimeout }: LlmSubject): Pick<LlmPlan, 'startTimeoutMs' | 'awaitsConnection'> {
  const started = target?.kind === 'command' ? target : undefined;
  const own = startTimeout === undefined ? undefined : parseDuration(startTimeout);
  return {
    startTimeoutMs: msFromNanos(own ?? started?.startTimeout ?? parseDuration('30s')),
    awaitsConnection: started !== undefined || own !== undefined,
  };
}

/** As little as possible over the same code path. */
export const shortened = (plan: LlmPlan): LlmPlan => ({
  ...plan,
  ...{ samples: 2, facts: plan.turns.length, tours: 1, asks: 2, requests: plan.inFlight },
});

interface Needs {
  readonly samples: number;
  readonly facts: number;
  readonly switches: number;
  readonly questions: number;
  readonly requests: number;
}

const idsOf = (...some: readonly { readonly id: string }[]): readonly string[] => some.map(({ id }) => id);
const loaded = idsOf(llmMetrics.loadedTtft, llmMetrics.loadedTpot, llmMetrics.loadedE2e);
const switching = idsOf(llmMetrics.switchTime, llmMetrics.switchTtft);

function needsOf(objectives: readonly ParsedObjective[], rounds: number, phases: readonly LlmPhase[]): Needs {
  const most = (needed: (objective: ParsedObjective) => number, ids: readonly string[]): number =>
    Math.max(0, ...objectives.filter(({ metric }) => ids.includes(metric)).map(needed));
  const perRound = (needed: number): number => Math.min(mostOfAKind, Math.ceil(needed / rounds));
  const inEach = (needed: number): number => Math.min(mostOfAKind, needed);
  const ownTimes = objectives.map(({ metric }) => metric).filter((id) => ![...loaded, ...switching].includes(id));
  const facts = Math.max(least.facts, inEach(most(forWilson, idsOf(llmMetrics.contextPreservation))));
  const attempts = perRound(most(forShare, idsOf(metrics.errors)));
  // Every request of a round is an attempt: without the phase of many, those of the baseline have to do.
  const alone = phases.includes('stability') ? 0 : attempts - facts - 1;
  return {
    facts,
    samples: Math.max(least.samples, perRound(most(forQuantile, ownTimes)), alone),
    switches: Math.max(least.switches, perRound(most(forQuantile, switching))),
    questions: inEach(most(forWilson, idsOf(llmMetrics.contextAccuracy))),
    requests: Math.max(
      attempts,
      perRound(Math.max(most(forQuantile, loaded), most(forShare, idsOf(llmMetrics.stability)))),
    ),
  };
}

const forQuantile = ({ statistic }: ParsedObjective): number => samplesForQuantile(statistic, confidence);

const inside = (limit: number): boolean => limit > 0 && limit < 1;

const forWilson = ({ limit }: ParsedObjective): number => (inside(limit) ? wilsonTrials(1, limit) : 0);

/** Trials without a failure that bound its share: 299 for 1 %. */
function forShare({ limit, metric }: ParsedObjective): number {
  const failing = metric === metrics.errors.id ? limit : 1 - limit;
  return inside(failing) ? samplesForUpperBound(1 - failing, confidence) : 0;
}

function limitsOf(goodput: NonNullable<LlmSubject['goodput']>): GoodputLimits {
  const { ttft, tpot, e2e } = goodput;
  const parse = (limit: DurationText | undefined): number | undefined => limit && parseDuration(limit);
  return { ttft: parse(ttft), tpot: parse(tpot), e2e: parse(e2e) };
}

type PromptOf = (n: number, seed: number) => string | readonly ChatMessage[];

function promptsFrom(prompts: string | readonly string[] | PromptOf): LlmPlan['promptOf'] {
  const list = typeof prompts === 'string' ? [prompts] : prompts;
  const said: PromptOf = typeof list === 'function' ? list : (n) => list[n % list.length]!;
  return (n, seed) => {
    const prompt = said(n, seed);
    return typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt;
  };
}
