import { describe, expect, it } from 'vitest';
import type { Completion } from '../client/completion.ts';
import { planLlm } from '../plan-llm.ts';
import { busyClient, llmWarnings } from './llm-warnings.ts';
import type { StabilityResult } from './stability-phase.ts';

const plan = planLlm({ url: 'http://127.0.0.1:1/v1', models: 'm' }, [], 1);
const answer: Completion = { model: 'm', arrivals: [10], events: 1, end: 20, text: 'a', reasoning: '', usage: 1 };
const stability = (completions: readonly Completion[], busy = 0): StabilityResult => ({
  ...{ warmUp: completions[0]!, completions, inFlight: 2, elapsed: 100, busy, dropped: 0 },
});
const codes = (...completions: readonly Completion[]): readonly string[] =>
  llmWarnings({ plan, stability: stability(completions) }).map(({ code }) => code);

describe('llmWarnings', () => {
  it.each<[string, Completion, readonly string[]]>([
    ['nothing about one token at a time', answer, []],
    ['answers in one piece, which are many tokens at a time, too', { ...answer, usage: 9 }, ['coalesced', 'one-piece']],
    ['many tokens at a time', { ...answer, arrivals: [1, 2], usage: 4 }, ['coalesced']],
    ['tokens that nobody counted', { ...answer, usage: undefined }, ['tokens-are-events']],
    ['what failed', { ...answer, failure: { code: 'timeout', message: 'late' } }, ['some-failed']],
  ])('says %s', (_, completion, expected) => {
    expect(codes(completion)).toEqual(expected);
  });
});

describe('busyClient', () => {
  it('keeps a busy client from breaking promises, and says nothing where nothing was timed', () => {
    const failed = { ...answer, failure: { code: 'timeout', message: 'late' } };
    expect(busyClient(stability([answer], 0.9))).toMatchObject([{ code: 'busy-client', forbids: 'fail' }]);
    expect([busyClient(stability([answer], 0.7)), busyClient(stability([failed], 0.9))]).toEqual([[], []]);
  });
});
