import { readFileSync } from 'node:fs';
import { PerfError, parseObjective, target } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { llm, type LlmOptions } from './llm.ts';
import { llmFormulas } from './measure/formulas.ts';
import { metricsOf } from './measure/llm-metrics.ts';
import { planLlm } from './plan-llm.ts';

const url = 'http://127.0.0.1:1/v1';

describe('llm()', () => {
  it('declares what its phases measure, and errors beside what is promised', () => {
    const declared = llm('two models', { url, models: ['a', 'b'], objectives: ['p95 of ttft < 500ms', 'p95 < 1s'] });
    expect(declared).toMatchObject({
      ...{ name: 'two models', kind: 'llm', primary: 'e2e', quantiles: true, rounds: 3 },
      ...{ objectives: ['p95 of ttft < 500ms', 'p95 < 1s', 'errors < 5%'], comparedBy: ['e2e', 'ttft', 'tpot'] },
    });
    expect(declared.metrics.map(({ id }) => id)).toEqual([
      ...['e2e', 'ttft', 'ttfo', 'tpot', 'icl', 'coalescing', 'first-byte', 'cold-ttft'],
      ...['tokens-per-second-per-user', 'rss', 'context-preservation'],
      ...['switch-time', 'switch-ttft', 'context-accuracy', 'memory-growth', 'growth-per-switch'],
      ...['loaded-e2e', 'loaded-ttft', 'loaded-tpot', 'stability', 'throughput', 'tokens-per-second', 'errors'],
    ]);
    expect(declared.location?.file).toContain('llm.test.ts');
  });

  it('speaks of the first metric of its phases where there is no baseline', () => {
    const server = target({ command: ['node', 'server.js'] });
    const declared = llm('many', {
      ...{ target: server, models: 'a', phases: ['stability'], goodput: { ttft: '1s' } },
      objectives: ['p95 < 2s', 'goodput > 5/s', 'errors = 0'],
    });
    expect(declared).toMatchObject({ primary: 'loaded-e2e', objectives: ['p95 < 2s', 'goodput > 5/s', 'errors = 0'] });
  });

  it('takes every form of promise', () => {
    const objectives = [
      ...(['p95 < 1s', 'median of tpot < 50ms', 'p99 of loaded-ttft < 2s', 'max of switch-time < 2s'] as const),
      ...(['cold-ttft < 10s', 'context-preservation > 95%', 'context-accuracy >= 90%', 'stability > 99%'] as const),
      ...(['throughput > 1/s', 'tokens-per-second > 100/s', 'tokens-per-second-per-user > 20/s'] as const),
      ...(['rss < 14GB', 'memory-growth < 100MB', 'growth-per-switch < 1MB/op', 'errors < 1%'] as const),
    ];
    expect(llm('all', { url, models: ['a', 'b'], objectives }).objectives).toEqual(objectives);
  });

  it('has a formula and a source for every metric', () => {
    const all = metricsOf({ phases: ['baseline', 'cross-model', 'stability'], goodput: {} }).map(({ id }) => id);
    expect(all.filter((id) => !llmFormulas[id]?.formula || !llmFormulas[id].source)).toEqual([]);
    expect(Object.keys(llmFormulas).sort()).toEqual([...all].sort());
    const guide = readFileSync(new URL('../../../docs/guides/llm.md', import.meta.url), 'utf8');
    expect(all.filter((id) => !guide.includes(`\`${id}\``))).toEqual([]);
  });

  const wrong: readonly (readonly [string, object, RegExp])[] = [
    ['no place', { models: 'a' }, /a url or a target, and not both/],
    ['a url without its scheme', { url: 'localhost:1', models: 'a' }, /begins with http/],
    ['a whole url', { url: `${url}/chat/completions`, models: 'a' }, /without .chat.completions/],
    ['a user that no url can name', { url: 'http://me:%zz@127.0.0.1/v1', models: 'a' }, /is "http:\/\/127.0.0.1\/v1"/],
    [
      'a key that no header can hold',
      { url, models: 'a', headers: { key: 's3cret\n' } },
      /of key; expected texts of one/,
    ],
    ['a header alone', { url, models: 'a', headers: 'Bearer s3cret' }, /is a string; expected texts/],
    ['no models', { url }, /names of models/],
    ['a model twice', { url, models: ['a', 'a'] }, /each once/],
    ['one model to switch between', { url, models: 'a', phases: ['cross-model'] }, /two models/],
    ['a phase of another name', { url, models: 'a', phases: ['warmup'] }, /some of baseline/],
    ['a misspelt option', { url, models: 'a', inFligth: 3 }, /no option "inFligth"/],
    ['half a request', { url, models: 'a', requests: 0.5 }, /whole number from 1/],
    ['the model in the body', { url, models: 'a', body: { stream: false } }, /other than model, messages and stream/],
    ['a goodput of nothing', { url, models: 'a', goodput: {} }, /limits of ttft/],
    ['a limit without a unit', { url, models: 'a', goodput: { ttft: '5' } }, /5/],
    ['turns below 0', { url, models: 'a', context: { turns: [-1] } }, /how many facts/],
    ['a mean that nobody meant', { url, models: 'a', objectives: ['ttft < 1s'] }, /"ttft" has many values/],
    ['a phase that is not measured', { url, models: 'a', objectives: ['max of switch-time < 2s'] }, /switch-time/],
  ];

  it.each(wrong)('refuses %s', (_, options, message) => {
    const declare = (): unknown => llm('wrong', options as LlmOptions);
    expect(declare).toThrow(message);
    try {
      declare();
    } catch (error) {
      expect(error).toBeInstanceOf(PerfError);
      expect(String(error)).not.toContain('s3cret');
      expect(error).toMatchObject({
        exitCode: 2,
        location: { file: expect.stringContaining('llm.test.ts') as string },
      });
    }
  });
});

describe('planLlm', () => {
  const subject = { url, models: ['a', 'b'] };
  const plan = (objectives: readonly string[], rounds = 3, more: object = {}) => {
    const scope = {
      metrics: metricsOf({ phases: ['baseline', 'cross-model', 'stability'], goodput: {} }),
      primary: 'e2e',
    };
    const parsed = objectives.map((source) => parseObjective(source, scope));
    return planLlm({ ...subject, ...more }, parsed, rounds);
  };

  it('measures as much as the objectives take', () => {
    expect(plan([])).toMatchObject({ samples: 20, facts: 20, tours: 10, asks: 2, inFlight: 10, requests: 100 });
    // 299 samples bound p99, in all rounds together; 73 facts the share, in each.
    expect(plan(['p99 of ttft < 1s', 'context-preservation > 95%'])).toMatchObject({ samples: 100, facts: 73 });
    expect(plan(['context-accuracy > 95%', 'p95 of switch-time < 2s'], 1)).toMatchObject({ tours: 30, asks: 2 });
    expect(plan(['context-accuracy > 99%'])).toMatchObject({ tours: 10, asks: 20 });
    expect(plan(['errors < 1%'], 1)).toMatchObject({ requests: 299 });
    expect(plan(['stability > 99%'], 1)).toMatchObject({ requests: 299 });
    expect(plan(['p99.9 of ttft < 1s'])).toMatchObject({ samples: 999 });
    expect(plan(['p99.9 of ttft < 1s'], 1)).toMatchObject({ samples: 1000 });
    // Without the phase of many, all requests of the baseline are attempts: the first, and those about facts.
    expect(plan(['errors < 1%'], 1, { phases: ['baseline'] })).toMatchObject({ samples: 278, facts: 20 });
  });

  it('does what it is told before that', () => {
    const told = { samples: 3, context: { facts: 4, turns: [9] }, switches: 5, inFlight: 2, requests: 7 };
    const expected = { samples: 3, facts: 4, turns: [9], tours: 3, inFlight: 2, requests: 7 };
    expect(plan(['p99 of ttft < 1s', 'stability > 99%'], 3, told)).toMatchObject(expected);
  });

  it('asks in turns, or what a function says', () => {
    const said = (more: object): readonly string[] =>
      [0, 1, 2].map((n) => plan([], 3, more).promptOf(n, 7)[0]!.content);
    expect(said({ prompts: ['x', 'y'] })).toEqual(['x', 'y', 'x']);
    expect(said({ prompts: (n: number) => `number ${n}` })).toEqual(['number 0', 'number 1', 'number 2']);
    expect(said({}).map((text) => text.slice(0, 9))).toEqual(['7.0: Tell', '7.1: Expl', '7.2: Desc']);
  });
});
