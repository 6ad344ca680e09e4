import { declarations, membersOf, PerfError, target, type Over } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { roundContext } from '../test/support/round-context.ts';
import { load } from './load.ts';

const url = 'http://127.0.0.1:1';
const context = roundContext({ short: true });

describe('load() over parameters', () => {
  it('declares one for each combination, with what depends on them', () => {
    const server = (workers: number) => target({ command: ['node', 'server.js', String(workers)] });
    const declared = load('upload', {
      over: { size: [10, 2000], workers: [1, 4] },
      target: ({ workers }) => server(workers),
      requests: ({ size }) => ({ name: 'put', path: '/upload', body: 'x'.repeat(size) }),
      clients: ({ workers }) => 2 * workers,
      for: '1s',
      objectives: ({ size }) => ['errors = 0', `throughput >= ${1000 / size}/s`],
      tags: ['sizes'],
    });
    expect(declared.map(({ name }) => name)).toEqual([
      'upload [size=10, workers=1]',
      'upload [size=10, workers=4]',
      'upload [size=2000, workers=1]',
      'upload [size=2000, workers=4]',
    ]);
    expect(declared[3]).toMatchObject({
      variant: { family: 'upload', parameters: { size: 2000, workers: 4 } },
      target: server(4),
      objectives: ['errors = 0', 'throughput >= 0.5/s'],
      tags: ['sizes'],
      kind: 'load',
    });
    expect(declared[0]!.location?.file).toContain('load-family.test.ts');
    expect(declarations()).toEqual(expect.arrayContaining([...declared]));
  });

  it('gives the parameters to functions, with what the setup has made of them', async () => {
    const seen = new Set<string>();
    const family = load('family of calls', {
      over: { size: [1, 2] },
      setup: ({ parameters }) => ({ text: 'x'.repeat(parameters.size) }),
      run: ({ parameters, setup }) => seen.add(`${parameters.size} ${setup.text}`),
      rate: ({ size }) => `${size * 100}/s`,
      for: '20ms',
      warmup: '0s',
    });
    const results = [];
    for (const { instrument } of family) results.push(await instrument(context));
    expect([...seen]).toEqual(['1 x', '2 xx']);
    const trials = results.map(
      ({ measurements }) => measurements.find(({ metric }) => metric === 'errors')!.data as { trials?: number },
    );
    expect(trials.map((data) => data.trials)).toEqual([2, 4]);
    const plain: object[] = [];
    const one = load('no family', { run: ({ parameters }) => plain.push(parameters), clients: 1, for: '50ms' });
    await one.instrument(context);
    expect(plain[0]).toEqual({});
  });

  it('makes templates and steps of them', () => {
    const [one] = load('templates', {
      over: { size: [5] },
      url,
      request: ({ parameters, index }) => ({ path: `/${parameters.size}/${index}` }),
      rate: '1/s',
      for: '1s',
    });
    const [two] = load('visits', {
      over: { name: ['login', 'order'] },
      url,
      steps: ({ name }) => [{ name, path: '/' }],
      rate: '1/s',
      for: '1s',
    });
    expect([one!.name, two!.name]).toEqual(['templates [size=5]', 'visits [name=login]']);
    expect(two!.metrics.map(({ id }) => id)).toContain('login.response-time');
  });

  it('declares all or none', () => {
    const before = declarations().length;
    const options = {
      over: { rate: [1, 0] },
      run: () => 1,
      rate: ({ rate }: { rate: number }) => `${rate}/s`,
      for: '1s',
    };
    expect(() => load('half', options as never)).toThrow('a rate of 0 sends nothing');
    expect(declarations()).toHaveLength(before);
  });

  it('refuses functions of parameters where there are none', () => {
    const options = { url, rate: '1/s', for: '1s' } as const;
    // @ts-expect-error without over there is nothing to depend on
    expect(() => load('x', { ...options, requests: () => ({ path: '/' }) })).toThrow(PerfError);
    // @ts-expect-error a parameter has a list of values
    expect(() => load('x', { ...options, requests: { path: '/' }, over: { size: 5 } })).toThrow('expected a list');
  });
});

describe('the members of a family', () => {
  it.each<[string, unknown, string]>([
    ['a list alone', [1, 2], 'over'],
    ['nothing to vary', {}, 'over'],
    ['a value without a list', { size: 5 }, 'size'],
    ['an empty list', { size: [] }, 'size'],
    ['no number', { size: [1, NaN] }, 'size'],
    ['an object as a value', { size: [{}] }, 'size'],
    ['two values with one text', { size: [1, '1'] }, 'size'],
    ['a name that would break the brackets', { 'a]=': [1] }, 'over'],
    [
      'too many combinations',
      { a: Array.from({ length: 40 }, (_, i) => i), b: Array.from({ length: 40 }, (_, i) => i) },
      'over',
    ],
  ])('%s is refused', (_, over, excerpt) => {
    expect(() => membersOf('upload', over as Over)).toThrow(expect.objectContaining({ code: 'bad-option', excerpt }));
  });
});
