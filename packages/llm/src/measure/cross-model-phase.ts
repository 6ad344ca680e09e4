import { createRng, deriveSeed, median } from '@perfkeel/core';
import type { Completion } from '../client/completion.ts';
import { succeeded, ttftOf } from './answer-times.ts';
import { Asker, type Hands } from './asker.ts';
import { asking, heard, makeFacts, telling, type Fact } from './facts.ts';
import { recallOf, type Question, type Recall } from './recall.ts';

/** One change of the model, in the middle of a conversation. */
export interface ModelSwitch {
  readonly from: string;
  readonly to: string;
  /** The first request to the new model. */
  readonly first: Completion;
  /** What it was asked behind that. */
  readonly later: readonly Completion[];
}

export interface CrossModelResult {
  readonly switches: readonly ModelSwitch[];
  readonly context: Recall;
  /** Bytes of the server behind each tour, when the first model is back. */
  readonly memory: readonly { readonly switches: number; readonly bytes: number }[];
  readonly asked: readonly Completion[];
  readonly dropped: number;
}

export async function measureCrossModel(hands: Hands): Promise<CrossModelResult> {
  const { plan, progress, seed, memoryOf } = hands;
  const { models, tours, asks } = plan;
  const asker = new Asker(hands);
  const all = tours * models.length;
  asker.plan(all * (1 + asks));
  const facts = makeFacts(all * asks, createRng(deriveSeed(seed, 1)));
  const switches: ModelSwitch[] = [];
  const questions: Question[] = [];
  const memory: { switches: number; bytes: number }[] = [];
  for (let n = 0; n < all && !asker.hopeless; n++) {
    progress(`switch ${n + 1} of ${all}`);
    const [from, to] = [models[n % models.length]!, models[(n + 1) % models.length]!];
    const own = facts.slice(n * asks, (n + 1) * asks);
    const asked = await switchOnce(asker, from, to, own);
    questions.push(...asked);
    const [first, ...later] = asked.map(({ answer }) => answer);
    switches.push({ from, to, first: first!, later });
    const bytes = (n + 1) % models.length === 0 ? await memoryOf() : undefined;
    if (bytes !== undefined) memory.push({ switches: n + 1, bytes });
  }
  return { switches, context: recallOf(questions), memory, asked: asker.completions, dropped: asker.dropped };
}

/** One model is told, and the other goes on with the same conversation. */
async function switchOnce(
  asker: Asker,
  from: string,
  to: string,
  facts: readonly Fact[],
): Promise<readonly Question[]> {
  const told = await asker.ask(from, [telling(facts)]);
  const history = [telling(facts), heard(told.text)];
  const questions: Question[] = [];
  for (const fact of facts) {
    const question = [...history, asking(fact)];
    const answer = await (questions.length === 0 ? asker.askSwitching(to, question) : asker.ask(to, question));
    questions.push({ fact, others: facts.filter((other) => other !== fact), turns: 0, answer });
  }
  return questions;
}

/** Times of the switches that succeeded, in nanoseconds. */
export interface SwitchTimes {
  /** To the first token of the new model, all included. */
  readonly ttft: readonly number[];
  /** The same without what the new model takes anyway, by its own warm requests; not below 0. */
  readonly alone: readonly number[];
}

export function switchTimes(switches: readonly ModelSwitch[]): SwitchTimes {
  const warmOf = (model: string): number => {
    const warm = switches.filter(({ to }) => to === model).flatMap(({ later }) => succeeded(later));
    return median(warm.map(ttftOf).filter((time) => time !== undefined));
  };
  const warm = new Map([...new Set(switches.map(({ to }) => to))].map((model) => [model, warmOf(model)]));
  const good = switches.filter(({ first }) => first.failure === undefined);
  const times = good.map(({ to, first }) => ({ ttft: ttftOf(first)!, warm: warm.get(to)! }));
  return {
    ttft: times.map(({ ttft }) => ttft),
    alone: times.filter((one) => !Number.isNaN(one.warm)).map((one) => Math.max(0, one.ttft - one.warm)),
  };
}

/** The one name that all answers give, whichever model was asked: then nothing was switched. */
export function sameModel(switches: readonly ModelSwitch[]): string | undefined {
  const named = new Set(switches.map(({ first }) => first.answeredBy).filter((name) => name !== undefined));
  const asked = new Set(switches.map(({ to }) => to));
  return asked.size > 1 && named.size === 1 ? [...named][0] : undefined;
}
