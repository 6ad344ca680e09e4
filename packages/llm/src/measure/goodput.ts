import type { Tokenizer } from '@perfkeel/core';
import type { Completion } from '../client/completion.ts';
import { countTokens, tpotOf, ttftOf } from './answer-times.ts';

/** What a request has to keep, all of it, to be a good one. Nanoseconds. */
export interface GoodputLimits {
  readonly ttft?: number | undefined;
  readonly tpot?: number | undefined;
  readonly e2e?: number | undefined;
}

/**
 * Whether one request counts for goodput: it succeeded, and no time is above its limit. An answer without a time per token
 * cannot break that limit, as in `vllm bench serve`.
 */
export function isGood(completion: Completion, limits: GoodputLimits, tokenizer: Tokenizer | undefined): boolean {
  if (completion.failure !== undefined) return false;
  const { ttft = Infinity, tpot = Infinity, e2e = Infinity } = limits;
  const pace = tpotOf(completion, countTokens(completion, tokenizer).sent) ?? 0;
  return (ttftOf(completion) ?? Infinity) <= ttft && pace <= tpot && completion.end <= e2e;
}
