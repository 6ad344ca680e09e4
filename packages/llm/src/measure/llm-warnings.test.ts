import { describe, expect, it } from 'vitest';
import type { Completion } from '../client/completion.ts';
import { planLlm } from '../plan-llm.ts';
import { busyClient, llmWarnings } from './llm-warnings.ts';
import { fewOutputs } from './ran-out-warnings.ts';
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
    ['several choices', { ...answer, choices: 2 }, ['several-choices']],
    ['tokens that ran out in thought', { ...answer, text: '', reasoning: 'hm', finish: 'length' }, ['ran-out']],
    ['reasoning that is counted and not sent', { ...answer, usage: 9, reasoningUsage: 8 }, ['hidden-reasoning']],
    ['what failed', { ...answer, failure: { code: 'timeout', message: 'late' } }, ['some-failed']],
  ])('says %s', (_, completion, expected) => {
    expect(codes(completion)).toEqual(expected);
  });

  it('says how requests failed, the most frequent kind first, and what usually helps', () => {
    const failed = (code: string): Completion => ({ ...answer, failure: { code, message: 'no' } });
    const all = [failed('timeout'), failed('http-429'), failed('http-429')];
    const [warning] = llmWarnings({ plan, stability: { ...stability([answer]), completions: all } });
    expect(warning).toMatchObject({
      ...{ code: 'some-failed', message: 'model m: http-429: no (2 times); model m: timeout: no' },
      remedies: [expect.stringContaining('lower inFlight') as string],
    });
  });

  it('takes a time to the first output from the verdict, when it is that of few', () => {
    const silent = { ...answer, firstOutput: undefined, finish: 'length' };
    const said = { ...answer, firstOutput: 12 };
    expect(fewOutputs([silent, said])).toMatchObject([{ code: 'no-output', forbids: 'verdict' }]);
    // A call for nothing, and one in twenty.
    expect(fewOutputs([{ ...silent, finish: 'stop' }])).toEqual([]);
    expect(fewOutputs([silent, ...Array<Completion>(19).fill(said)])).toEqual([]);
    const unseen = { ...silent, text: '', failure: { code: 'no-token', message: '' } };
    expect(fewOutputs([unseen, said]).map(({ forbids }) => forbids)).toEqual(['verdict']);
    expect(fewOutputs([])).toEqual([]);
  });
});

describe('busyClient', () => {
  it('keeps a busy client from breaking promises, and says nothing where nothing was timed', () => {
    const failed = { ...answer, failure: { code: 'timeout', message: 'late' } };
    expect(busyClient(stability([answer], 0.9))).toMatchObject([{ code: 'busy-client', forbids: 'fail' }]);
    expect([busyClient(stability([answer], 0.7)), busyClient(stability([failed], 0.9))]).toEqual([[], []]);
  });
});
