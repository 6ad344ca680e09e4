import { parseObjective, type RoundMeasurement } from '@perfkeel/core';
import { measureLlm, renderLlm, type LlmSubject } from '@perfkeel/llm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tpotOf } from '../src/measure/answer-times.ts';
import { llmMeasurements } from '../src/measure/llm-measurements.ts';
import { metricsOf } from '../src/measure/llm-metrics.ts';
import { residentBytes } from '../src/measure/resident-bytes.ts';
import { startSleepingServer, type SleepingServer } from './support/sleeping.ts';

let server: SleepingServer;
beforeAll(async () => (server = await startSleepingServer()));
afterAll(() => server.stop());

const ms = 1e6;

/** One phase of the sleeping server, with no times unless they are given. */
const subject = (sleep: object, more: Partial<LlmSubject> = {}): LlmSubject => ({
  ...{ url: server.url, models: 'a', phases: ['baseline'], samples: 4, context: { facts: 1 }, timeout: '5s' },
  ...{ body: { sleep } },
  ...more,
});

const dataOf = (measurements: readonly RoundMeasurement[], id: string) =>
  measurements.find(({ metric }) => metric === id)?.data;

describe('answers', () => {
  it('are timed from their text, and torn ones are read whole', async () => {
    const how = 'torn reasoning';
    const { baseline } = await measureLlm(subject({ first: 20, gap: 15, tokens: 4, how }));
    const answers = baseline!.completions;
    for (const { failure, text, reasoning, usage, events } of answers) {
      expect({ failure, text, reasoning, usage, events }).toEqual({
        ...{ failure: undefined, text: ' wörd1€ wörd3€', reasoning: ' wörd0€ wörd2€', usage: 4, events: 4 },
      });
    }
    // The role comes at once, reasoning next, and the answer last; a machine that stops may bring two of them together.
    const orders = answers.map(({ firstByte, arrivals, firstOutput }) => [firstByte!, arrivals[0]!, firstOutput!]);
    expect(orders.every(([byte, token, output]) => byte! <= token! && token! <= output!)).toBe(true);
    expect(orders.some(([byte, token, output]) => byte! < token! && token! < output!)).toBe(true);
    expect(Math.min(...orders.map(([, token]) => token!))).toBeGreaterThan(19 * ms);
  });

  it('have the ttft and tpot that the server saw, within 2 %', async () => {
    // Forgets what was before.
    await server.truth();
    const { baseline } = await measureLlm(subject({ first: 150, gap: 15, tokens: 10 }, { samples: 5 }));
    // The first request is not among the samples, and the last one asks for a fact.
    const truth = (await server.truth()).slice(1, -1);
    const pairs = baseline!.completions.map((answer, n) => ({ answer, seen: truth[n]! }));
    const ttft = pairs.map(({ answer, seen }) => answer.arrivals[0]! / seen.first - 1);
    const tpot = pairs.map(({ answer, seen }) => tpotOf(answer, seen.tokens)! / (seen.rest / (seen.tokens - 1)) - 1);
    // A client cannot see a token before it is written.
    expect(Math.min(...ttft)).toBeGreaterThan(0);
    // A busy machine holds back some answers; what the client itself adds is in all of them, and so in the best.
    expect(Math.min(...ttft)).toBeLessThan(0.02);
    expect(Math.min(...tpot.map(Math.abs))).toBeLessThan(0.02);
  });

  it('that flush several tokens at once have a true pace, and say how many', async () => {
    const result = await measureLlm(subject({ gap: 4, tokens: 20, flush: 5 }));
    const { measurements, warnings } = llmMeasurements(result);
    // Four arrivals of five, unless the machine held some back.
    const coalescing = dataOf(measurements, 'coalescing');
    expect(coalescing?.kind === 'exact' && coalescing.value).toBeGreaterThanOrEqual(5);
    expect(warnings?.map(({ code }) => code)).toContain('coalesced');
    const gaps = result.baseline!.completions.flatMap(({ arrivals }) =>
      arrivals.slice(1).map((at, n) => at - arrivals[n]!),
    );
    expect(gaps.every((gap) => gap > 0)).toBe(true);
  });

  it.each([
    ['error', 'stream-error', 'out of memory'],
    ['garbage', 'bad-event', '{ half'],
    ['cut', 'cut-off', 'closed before'],
    ['empty', 'no-token', 'no text'],
    ['json', 'not-a-stream', 'instead of a stream'],
    ['busy', 'http-503', 'overloaded'],
    ['hang', 'timeout', '150 ms'],
  ])('that fail by %s are data', async (how, code, words) => {
    const result = await measureLlm(
      subject({ tokens: 4, how }, { samples: 1, timeout: how === 'hang' ? '150ms' : '5s', startTimeout: '50ms' }),
    );
    const failures = result.baseline!.asked.map(({ failure }) => failure?.code);
    expect(failures).toEqual([code, code, code]);
    const { measurements, warnings } = llmMeasurements(result);
    expect(measurements.map(({ metric }) => metric)).toEqual(['context-preservation', 'errors']);
    expect(dataOf(measurements, 'errors')).toEqual({ kind: 'count', events: 3, trials: 3 });
    expect(warnings?.find((one) => one.code === 'some-failed')?.message).toContain(words);
    // A conversation that nobody answered is lost, but says nothing of what is remembered.
    expect(warnings?.some((one) => one.code === 'fact-lost')).toBe(false);
  });

  it.each(['bare', 'linger'])('that end %s are whole', async (how) => {
    const { baseline } = await measureLlm(subject({ how }, { samples: 1 }));
    expect(baseline!.completions.map(({ failure, text }) => [failure, text])).toEqual([
      [undefined, ' wörd0€ wörd1€ wörd2€'],
    ]);
  });

  it('of a server that is not there are given up after a while, and counted', async () => {
    const url = 'http://127.0.0.1:9/v1';
    const result = await measureLlm({ ...subject({}), url, samples: 500, inFlight: 2 });
    expect(result.baseline!.asked.map(({ failure }) => failure?.code)).toEqual(Array(12).fill('ECONNREFUSED'));
    expect(result.baseline!.dropped).toBe(490);
  });

  it('without usage are counted by a tokenizer, or as events, and say so', async () => {
    const tokenizer = { id: 'words', count: (text: string) => text.trim().split(' ').length * 2 };
    const counted = await measureLlm(subject({ how: 'quiet' }, { tokenizer, samples: 1 }));
    const uncounted = await measureLlm(subject({ how: 'quiet' }, { samples: 1 }));
    const codes = [counted, uncounted].map((one) => llmMeasurements(one).warnings?.map(({ code }) => code));
    expect(codes[0]).toContain('tokens-counted-here');
    expect(codes[1]).toContain('tokens-are-events');
  });
});

describe('conversations', () => {
  it('lose what lies behind the window, and the table says where', async () => {
    const context = { facts: 20, turns: [0, 1, 3, 9] };
    const result = await measureLlm(subject({ recall: 9 }, { samples: 1, context }));
    expect(result.baseline!.context.byTurns).toEqual([
      { turns: 0, kept: 5, asked: 5 },
      { turns: 1, kept: 5, asked: 5 },
      { turns: 3, kept: 5, asked: 5 },
      { turns: 9, kept: 0, asked: 5 },
    ]);
    const objective = parseObjective('context-preservation > 70%', {
      metrics: metricsOf({ phases: ['baseline'], goodput: undefined }),
    });
    const data = dataOf(llmMeasurements(result, [objective]).measurements, 'context-preservation');
    // (0.75 - 0.7)^2 = z^2 0.7 0.3 / n
    expect(data).toMatchObject({
      kind: 'estimate',
      estimate: {
        ...{ value: 0.75, confidence: 0.95, method: 'Wilson score interval, 15 of 20' },
        warnings: [{ code: 'too-few-samples', message: '303 more questions in each round' }],
      },
    });
    const text = renderLlm(result);
    expect(text).toContain('- after 9 turns: 0 of 5 facts recalled [0 %, 43.4 %]');
    expect(text).toContain('= end of the answer ([DONE], else of the stream) − request sent (GuideLLM');
  });
});

it('takes no thinking that was cut for forgetting, and decides nothing when it is often so', async () => {
  const context = { facts: 8, turns: [0, 9] };
  const result = await measureLlm(subject({ recall: 99, how: 'ponder' }, { samples: 1, context }));
  expect(result.baseline!.context).toMatchObject({ kept: 4, asked: 4, unsaid: 4, miss: undefined });
  const { measurements, warnings } = llmMeasurements(result);
  const preservation = measurements.find(({ metric }) => metric === 'context-preservation');
  expect(preservation).toMatchObject({
    data: { kind: 'estimate', estimate: { value: 1, method: 'Wilson score interval, 4 of 4' } },
    warnings: [{ code: 'ran-out', forbids: 'verdict' }],
  });
  // Thinking is an answer that came, and no error.
  expect(dataOf(measurements, 'errors')).toEqual({ kind: 'count', events: 0, trials: 10 });
  expect(warnings?.find(({ code }) => code === 'ran-out')?.message).toContain('4 of 10 answers');
});

describe('switches', () => {
  const switching = { models: ['a', 'b'], phases: ['cross-model'], switches: 6 } as const;

  it('of a server that answers 503 meanwhile, and says for how long, take what it asks to wait, and are no errors', async () => {
    const result = await measureLlm(
      subject({ load: 150, recall: 9, how: 'refuse' }, { ...switching, models: ['c', 'd'], switches: 2 }),
    );
    // The first model of the round is loaded before its first request is taken.
    expect(result.waited).toBeGreaterThan(150 * ms);
    const { measurements, warnings = [] } = llmMeasurements(result);
    expect(dataOf(measurements, 'errors')).toEqual({ kind: 'count', events: 0, trials: 6 });
    const times = dataOf(measurements, 'switch-time');
    expect(times?.kind === 'sample' && times.values.length).toBe(2);
    expect(times?.kind === 'sample' && Math.min(...times.values)).toBeGreaterThan(140 * ms);
    expect(warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['waited-for-server', 'waited-in-switch']) as string[],
    );
    expect(warnings.find(({ code }) => code === 'waited-in-switch')?.message).toMatch(/^2 switches began with a 503/);
  });

  it('cost what loading costs, beyond what the model takes anyway', async () => {
    let bytes = 0;
    const memoryOf = (): number => (bytes += 1000);
    const result = await measureLlm(subject({ first: 10, load: 60, recall: 9 }, { ...switching, memoryOf }));
    expect(result.crossModel!.switches.map(({ from, to }) => from + to)).toEqual(['ab', 'ba', 'ab', 'ba', 'ab', 'ba']);
    const { measurements } = llmMeasurements(result);
    const [alone, total] = ['switch-time', 'switch-ttft'].map((id) => dataOf(measurements, id));
    if (alone?.kind !== 'sample' || total?.kind !== 'sample') throw new Error('no samples');
    expect(Math.min(...total.values)).toBeGreaterThan(69 * ms);
    const middle = [...alone.values].sort((a, b) => a - b)[3]!;
    expect(middle / ms).toBeGreaterThan(50);
    expect(middle / ms).toBeLessThan(250);
    expect(dataOf(measurements, 'context-accuracy')).toMatchObject({ estimate: { value: 1 } });
    // Read behind each tour: two switches, and a thousand bytes more.
    expect(dataOf(measurements, 'memory-growth')).toEqual({ kind: 'exact', value: 2000 });
    expect(dataOf(measurements, 'growth-per-switch')).toMatchObject({ estimate: { value: 500 } });
    expect(dataOf(measurements, 'errors')).toEqual({ kind: 'count', events: 0, trials: 18 });
  });

  it('that the server only pretends decide nothing', async () => {
    const result = await measureLlm(subject({ how: 'alias', recall: 9 }, switching));
    const { measurements } = llmMeasurements(result);
    const banned = measurements.filter(({ warnings }) => warnings?.some(({ forbids }) => forbids === 'verdict'));
    expect(banned.map(({ metric }) => metric)).toEqual(['switch-time', 'switch-ttft', 'context-accuracy']);
  });
});

describe('many requests at once', () => {
  it('are as many as they should be, with what they amount to per second', async () => {
    const goodput = { ttft: '10s', e2e: '1ms' } as const;
    const more = { phases: ['stability'], inFlight: 10, requests: 40, goodput } as const;
    const result = await measureLlm(subject({ first: 20, gap: 2, tokens: 5 }, more));
    const { completions, elapsed } = result.stability!;
    expect(completions.length).toBe(40);
    // One after the other they would take 40 times as long as the shortest.
    expect(elapsed).toBeLessThan((40 * Math.min(...completions.map(({ end }) => end))) / 2);
    const { measurements } = llmMeasurements(result);
    const perSecond = (count: number) => ({ kind: 'exact', value: count / (elapsed / 1e9) });
    expect(dataOf(measurements, 'throughput')).toEqual(perSecond(40));
    expect(dataOf(measurements, 'tokens-per-second')).toEqual(perSecond(200));
    expect(dataOf(measurements, 'goodput')).toEqual(perSecond(0));
    expect(dataOf(measurements, 'stability')).toEqual({ kind: 'count', events: 40, trials: 40 });
    // The request that warms up is an attempt, and nothing else.
    expect(dataOf(measurements, 'errors')).toEqual({ kind: 'count', events: 0, trials: 41 });
  });
});

it('reads the memory of a process with what it started, and of none that is gone', () => {
  const linux = process.platform === 'linux';
  const [alone, all] = [server.pid, process.pid].map(residentBytes);
  expect([alone !== undefined, all !== undefined, residentBytes(2 ** 30)]).toEqual([linux, linux, undefined]);
  // This process has started the server.
  if (linux) expect(all! - alone!).toBeGreaterThan(process.memoryUsage().rss / 2);
  if (linux) expect(alone!).toBeGreaterThan(20e6);
});

describe('a round', () => {
  it('that is a rehearsal walks through all phases with as little as possible', async () => {
    const all = subject({ recall: 99 }, { models: ['a', 'b'], phases: undefined, samples: 500, inFlight: 3 });
    const { baseline, crossModel, stability } = await measureLlm(all, { short: true });
    // The first, two samples, a fact for each depth; there and back, told once and asked twice; each client once.
    const counts = [baseline!.asked, crossModel!.asked, stability!.completions].map(({ length }) => length);
    expect(counts).toEqual([1 + 2 + 4, 2 * 3, 3]);
  });

  it('that is aborted does not wait for the answer under way', async () => {
    const signal = AbortSignal.timeout(50);
    const start = performance.now();
    await expect(measureLlm(subject({ how: 'hang' }, { timeout: '60s' }), { signal })).rejects.toThrow(/abort/);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
