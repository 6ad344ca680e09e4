import { declarations, defaultErrorObjective, fewErrorObjective, PerfError, target } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { load } from './load.ts';
import type { LoadOptions } from './load-options.ts';

const base = { url: 'http://127.0.0.1:1', requests: { path: '/' }, for: '1s' } as const;

describe('load()', () => {
  it('declares an open model', () => {
    const declared = load('orders', {
      ...base,
      rate: '10/s',
      objectives: ['p99 < 200ms', 'errors = 0'],
      tags: ['api'],
    });
    expect(declared).toMatchObject({
      name: 'orders',
      kind: 'load',
      primary: 'response-time',
      quantiles: true,
      rounds: 5,
      objectives: ['p99 < 200ms', 'errors = 0'],
      tags: ['api'],
      target: { kind: 'url', url: 'http://127.0.0.1:1' },
    });
    expect(declared.metrics.map(({ id }) => id)).toEqual([
      'response-time',
      'service-time',
      'throughput',
      'errors',
      'schedule-lag',
      'connection-wait',
      'first-byte',
      'connect-time',
      'tls-time',
      'intended-rate',
      'sent-rate',
      'failed-rate',
      'response-times',
    ]);
    expect(declared.location?.file).toContain('load.test.ts');
    expect(declarations()).toContain(declared);
  });

  it('declares a closed model on a target, without a schedule to be late on', () => {
    const api = target({ command: ['node', 'server.js'] });
    const declared = load('clients', { target: api, requests: [{ path: '/' }], clients: 5, for: '1s', rounds: 1 });
    expect(declared.target).toBe(api);
    const ids = declared.metrics.map(({ id }) => id);
    expect(ids).not.toContain('schedule-lag');
    expect(ids).not.toContain('intended-rate');
  });

  it('declares stages, and what each phase and each named request promises', () => {
    const declared = load('black friday', {
      url: base.url,
      requests: [{ path: '/' }, { name: 'checkout', path: '/checkout', method: 'POST' }],
      stages: ['warm up at 10/s for 5s', 'ramp to 300/s over 1m', 'peak: spike to 900/s for 20s'],
      objectives: [
        'p99 < 250ms',
        'p99 of peak.response-time < 500ms',
        'checkout.errors < 1%',
        'p99 of first-byte < 1s',
      ],
    });
    expect(declared.objectives).toContain(defaultErrorObjective);
    expect(declared.metrics.map(({ id }) => id).slice(9, -4)).toEqual([
      'ramp.response-time',
      'ramp.errors',
      'ramp.throughput',
      'peak.response-time',
      'peak.errors',
      'peak.throughput',
      'checkout.response-time',
      'checkout.errors',
    ]);
    expect(() => load('x', { ...base, rate: '1/s', objectives: ['p99 of pack.response-time < 1s'] })).toThrow(
      'no time here is called "pack.response-time"',
    );
    expect(() => load('x', { ...base, rate: '1/s', objectives: ['p99 of first-byte < 10.1s'] })).toThrow('time out');
    // What is recorded over time is shown, never judged.
    expect(() => load('x', { ...base, rate: '1/s', objectives: ['sent-rate >= 1/s' as never] })).toThrow('"sent-rate"');
  });

  it('types stages: of one model, in full sentences', () => {
    const { url, requests } = base;
    // @ts-expect-error stages of rates or of clients
    expect(() => load('x', { url, requests, stages: ['hold 5/s for 1s', 'hold 5 clients for 1s'] })).toThrow(
      'two models',
    );
    // @ts-expect-error a rate has its unit
    expect(() => load('x', { url, requests, stages: ['hold 300 for 1s'] })).toThrow('"300"');
    // @ts-expect-error a ramp goes over a time
    expect(() => load('x', { url, requests, stages: ['ramp to 300/s for 1s'] })).toThrow('is not a stage');
    // @ts-expect-error stages say how long they last
    expect(() => load('x', { url, requests, stages: ['hold 5/s for 1s'], for: '1s' })).toThrow('how long they last');
    // @ts-expect-error clients think, arrivals do not
    expect(() => load('x', { url, requests, rate: '5/s', for: '1s', think: '1s' })).toThrow('nobody thinks');
    expect(load('x', { url, requests, stages: ['hold 5 clients for 1s'], think: '1s' }).kind).toBe('load');
    expect(load('y', { url, requests, clients: { from: 1, to: 100, over: '30s' } }).kind).toBe('load');
  });

  it('types a rate and clients, and a target and a url, as one or the other', () => {
    // @ts-expect-error both a rate and clients
    expect(() => load('x', { ...base, rate: '1/s', clients: 1 })).toThrow('both a rate and clients');
    // @ts-expect-error neither
    expect(() => load('x', { ...base })).toThrow('neither a rate nor clients');
    // @ts-expect-error arrivals belong to a rate
    expect(() => load('x', { ...base, clients: 1, arrivals: 'poisson' })).toThrow('no arrivals to spread');
    // @ts-expect-error both a target and a url
    expect(() => load('x', { ...base, target: target({ url: base.url }), rate: '1/s' })).toThrow(
      'both a target and a url',
    );
    // @ts-expect-error neither
    expect(() => load('x', { requests: { path: '/' }, rate: '1/s', for: '1s' })).toThrow('neither a target nor a url');
    // @ts-expect-error a rate has its unit
    expect(() => load('x', { ...base, rate: '100rps' })).toThrow('is not a rate');
    // @ts-expect-error an objective has its unit
    expect(() => load('x', { ...base, rate: '1/s', objectives: ['p99 < 200'] })).toThrow('is not an objective');
  });

  it.each<[string, Partial<LoadOptions>, string]>([
    ['a window of a moment', { objectives: ['p99 of any 1s window < 1s'] }, 'a window cannot last 1s'],
    ['a window of no time', { objectives: ['p99 of any long window < 1s' as never] }, 'a window cannot last long'],
    ['the mean of a window', { objectives: ['mean of any 5s window < 1s' as never] }, '"mean" is not read in windows'],
    [
      'a window behind the timeout',
      { for: '10s', objectives: ['p99 of any 5s window < 1m'] },
      'requests time out after 10000 ms',
    ],
    [
      'a window above the run',
      { objectives: ['p99 of any 60s window < 1s'] },
      'is longer than the 1 s that are measured',
    ],
    ['a url without a scheme', { url: '127.0.0.1' }, '"127.0.0.1" is not a url'],
    ['what load does not measure', { objectives: ['growth < 1B/op'] }, 'nothing here is called "growth"'],
    ['a strange name of a request', { requests: { path: '/', name: 'a b' } }, 'cannot be called "a b"'],
    ['a request called as a phase', { requests: { path: '/', name: 'steady' } }, 'both called "steady"'],
    [
      'too many names',
      { requests: Array.from({ length: 65 }, (_, i) => ({ path: '/', name: `r${i}` })) },
      '65 names of requests',
    ],
    ['a rate that doing nothing keeps', { objectives: ['throughput <= 100/s' as never] }, 'a target that does nothing'],
    [
      'the same of a window',
      { for: '9s', objectives: ['throughput of any 5s window < 9/s' as never] },
      'a target that does nothing',
    ],
    ['a limit behind the timeout', { objectives: ['p99 < 20s'] }, '"p99 < 20s" cannot be judged'],
    ['a limit that timeouts would keep', { objectives: ['p99 <= 10s'] }, 'time out after 10000 ms'],
  ])('refuses %s, and says where', (_, options, message) => {
    const attempt = (): unknown => load('x', { ...base, rate: '1/s', ...options } as LoadOptions);
    expect(attempt).toThrow(message);
    try {
      attempt();
    } catch (error) {
      expect(error).toBeInstanceOf(PerfError);
      expect((error as PerfError).location?.file).toContain('load.test.ts');
      expect((error as PerfError).exitCode).toBe(2);
    }
  });

  it('allows a limit at the timeout that no timeout can keep', () => {
    expect(load('slow', { ...base, rate: '1/s', objectives: ['p99 < 10s'] }).objectives).toContain('p99 < 10s');
  });

  it('adds an objective for errors where none is written', () => {
    const objectivesOf = (options: Partial<LoadOptions>): readonly string[] =>
      load('defaults', { ...base, rate: '100/s', ...options } as LoadOptions).objectives;
    expect(defaultErrorObjective).toBe('errors < 5%');
    expect(objectivesOf({ objectives: ['p99 < 50ms'] })).toEqual(['p99 < 50ms', defaultErrorObjective]);
    expect(objectivesOf({ rate: '58/s', objectives: ['p99 < 50ms'] })).toEqual(['p99 < 50ms', fewErrorObjective]);
    expect(objectivesOf({ rate: '59/s', objectives: ['p99 < 50ms'] })).toContain(defaultErrorObjective);
    expect(
      objectivesOf({ rate: undefined, clients: 5, objectives: ['p99 < 50ms'] } as unknown as LoadOptions),
    ).toContain(defaultErrorObjective);
    expect(objectivesOf({ objectives: ['p99 < 50ms', 'errors < 50%'] })).toEqual(['p99 < 50ms', 'errors < 50%']);
    expect(objectivesOf({ objectives: ['p99 < 50ms'], expected: 'fail' })).toEqual(['p99 < 50ms']);
    expect(objectivesOf({ objectives: [] })).toEqual([defaultErrorObjective]);
    expect(objectivesOf({})).toEqual([defaultErrorObjective]);
    expect(objectivesOf({ expected: 'fail' })).toEqual([]);
  });

  it('takes a mean from above only beside errors = 0, since timeouts are "at least"', () => {
    const declared = (...objectives: NonNullable<LoadOptions['objectives']>): readonly string[] =>
      load('mean', { ...base, rate: '100/s', objectives }).objectives;
    expect(() => declared('mean < 50ms')).toThrow('"mean < 50ms" cannot be judged');
    expect(() => declared('mean <= 50ms', 'errors < 1%')).toThrow('cannot be judged');
    expect(declared('mean < 50ms', 'errors = 0')).toHaveLength(2);
    expect(declared('mean > 1ms')).toHaveLength(2);
  });

  it('refuses options that are missing altogether', () => {
    expect(() => load('x', undefined as unknown as LoadOptions)).toThrow('load needs options');
  });
});
