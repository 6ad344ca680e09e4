import { createRng, deriveSeed } from '@perfkeel/core';
import type { Completion } from '../client/completion.ts';
import { Asker, type Hands } from './asker.ts';
import { conversation, makeFacts } from './facts.ts';
import { recallOf, type Question, type Recall } from './recall.ts';

/** One request at a time. */
export interface BaselineResult {
  /** The very first request, which may have to wait for the model. It is in none of the other times. */
  readonly cold: Completion;
  readonly completions: readonly Completion[];
  readonly rss?: number | undefined;
  readonly context: Recall;
  readonly asked: readonly Completion[];
  readonly dropped: number;
}

export async function measureBaseline(hands: Hands): Promise<BaselineResult> {
  const { plan, progress, seed, memoryOf } = hands;
  const asker = new Asker(hands);
  const model = plan.models[0]!;
  asker.plan(1 + plan.samples + plan.facts);
  progress('the first request');
  const cold = await asker.ask(model, plan.promptOf(0, seed));
  progress('one request at a time');
  const completions: Completion[] = [];
  for (let n = 1; n <= plan.samples && !asker.hopeless; n++) {
    completions.push(await asker.ask(model, plan.promptOf(n, seed)));
  }
  const rss = await memoryOf();
  progress('what is still known after some turns');
  const context = recallOf(await askForFacts(asker, hands));
  return { cold, completions, rss, context, asked: asker.completions, dropped: asker.dropped };
}

/** Each conversation tells two facts and asks for the first: with one alone, any number that is repeated would be right. */
async function askForFacts(asker: Asker, { plan, seed }: Hands): Promise<readonly Question[]> {
  const facts = makeFacts(2 * plan.facts, createRng(deriveSeed(seed, 0)));
  const questions: Question[] = [];
  for (let n = 0; n < plan.facts && !asker.hopeless; n++) {
    const [fact, other] = [facts[2 * n]!, facts[2 * n + 1]!];
    const turns = plan.turns[n % plan.turns.length]!;
    const answer = await asker.ask(plan.models[0]!, conversation([fact, other], turns, plan.filler));
    questions.push({ fact, others: [other], turns, answer });
  }
  return questions;
}
