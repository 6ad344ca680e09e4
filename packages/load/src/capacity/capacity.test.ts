import { PerfError, declarations, target } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { capacity, type CapacityOptions } from './capacity.ts';
import { planCapacity } from './capacity-plan.ts';

const base = { url: 'http://127.0.0.1:1', requests: { path: '/' }, between: ['50/s', '2000/s'] } as const;

describe('capacity()', () => {
  it('declares a search', () => {
    const api = target({ command: ['node', 'server.js'] });
    const declared = capacity('checkout', {
      target: api,
      requests: [{ path: '/a' }, { path: '/b', weight: 2 }],
      between: ['50/s', '2000/s'],
      while: ['p99 < 200ms', 'errors < 1%'],
      at: ['10%', '50%', '80%'],
      objectives: ['capacity >= 400/s', 'p99 of response-time-at-50 < 100ms'],
    });
    expect(declared).toMatchObject({
      name: 'checkout',
      kind: 'capacity',
      primary: 'capacity',
      quantiles: false,
      rounds: 1,
      target: api,
    });
    expect(declared.metrics.map(({ id }) => id)).toEqual([
      ...['capacity', 'throughput', 'trial-rate', 'trial-throughput', 'trial-p99'],
      ...['response-time-at-10', 'response-time-at-50', 'response-time-at-80'],
    ]);
    expect(declared.location?.file).toContain('capacity.test.ts');
    expect(declarations()).toContain(declared);
  });

  it('takes the range as the command line spells it', () => {
    const { low, high } = planCapacity({ ...base, between: '50/s .. 2000/s' as '50/s..2000/s' }).goal;
    expect([low, high]).toEqual([50, 2000]);
  });

  it.each<[string, Partial<CapacityOptions> | Record<string, unknown>, string, string?]>([
    ['no range', { between: undefined }, 'does not say between which rates', 'between'],
    ['half a range', { between: ['50/s'] }, 'does not say between which rates: "50/s"', 'between'],
    ['a range from nothing', { between: ['0/s', '5/s'] }, 'a rate of 0 sends nothing', 'between'],
    ['a range that goes down', { between: ['50/s', '5/s'] }, '"50/s" is not below "5/s"', 'between'],
    ['half a range in words', { between: '50/s..' }, '"" is not a rate'],
    ['no rates', { between: ['50', '100'] }, '"50" is not a rate', '50'],
    ['a lower limit', { while: ['p99 > 5ms'] }, 'gets no harder with more load', 'p99 > 5ms'],
    ['some errors exactly', { while: ['errors = 5%'] }, 'gets no harder with more load', 'errors = 5%'],
    ['a limit behind the timeout', { while: ['p99 < 20s'] }, 'time out after 10000 ms', 'p99 < 20s'],
    ['an unknown condition', { while: ['throughput >= 5/s'] }, 'nothing here is called "throughput"'],
    ['one condition', { while: 'p99 < 20ms' }, '`while` of capacity is no list', 'while'],
    ['a width of nothing', { width: '0%' }, 'bounds cannot be "0%" apart', 'width'],
    ['a trial of no time', { for: '0s' }, 'for is no time at all', 'for'],
    ['a scout longer than a trial', { for: '1s', scout: '2s' }, 'a scout is longer than a trial', 'scout'],
    ['a share of nothing', { at: ['0%'] }, '"0%" is no share of the capacity', '0%'],
    ['a share of more than all', { at: ['150%'] }, '"150%" is no share of the capacity', '150%'],
    ['a share twice', { at: ['50%', '50%'] }, '`at` names a share twice', 'at'],
    ['no requests', { requests: undefined }, 'load has no requests'],
    [
      'a request that is known, and holds a secret',
      { requests: undefined, request: { headers: { authorization: 'Bearer of a secret' } } },
      '{ headers } makes no requests',
      'request',
    ],
    ['a bad request', { requests: { path: 'orders' } }, 'is not a path', 'path'],
    ['other arrivals', { arrivals: 'bursts' }, 'arrivals'],
    ['clients', { clients: 5 }, 'has no option "clients"', 'clients'],
    ['nowhere', { url: undefined }, 'neither a target nor a url'],
    ['two places', { target: target({ url: 'http://127.0.0.1:2' }) }, 'both a target and a url', 'url'],
    ['evidence of nobody', { evidence: true }, 'evidence has nobody to ask', 'evidence'],
    ['evidence that it has not', { evidence: { page: '/m' } }, 'evidence has no option "page"', 'page'],
    ['an objective for errors', { objectives: ['errors = 0'] }, 'nothing here is called "errors"', 'errors = 0'],
    ['a share that is not measured', { objectives: ['p99 of response-time-at-50 < 5ms'] }, 'no time here is called'],
  ])('refuses %s, and says where', (_, options, message, excerpt) => {
    const failure = failureOf(() => capacity('x', { ...base, ...options } as CapacityOptions));
    expect(failure).toBeInstanceOf(PerfError);
    expect(failure.message).toContain(message);
    expect(failure.hint).toMatch(/\S/);
    expect(failure.message + failure.hint).not.toContain('secret');
    expect(failure.exitCode).toBe(2);
    expect(failure.location?.file).toContain('capacity.test.ts');
    if (excerpt !== undefined) expect(failure.excerpt).toBe(excerpt);
  });

  it('has a target whose evidence is wanted started so that it can be asked', () => {
    const api = target({ command: ['node', 'server.js'] });
    const { target: started } = capacity('asked', { ...base, url: undefined, target: api, evidence: true } as never);
    expect(started).toEqual({ ...api, observed: true });
    expect(planCapacity({ ...base, evidence: { metrics: '/metrics' } }).evidence).toEqual({
      ...{ metrics: '/metrics', every: 1e9 },
    });
  });

  it('of a function needs no place', () => {
    const declared = capacity('query', { run: () => Promise.resolve(1), between: ['50/s', '100/s'] });
    expect(declared.target).toBeUndefined();
  });

  it('refuses options that are missing altogether', () => {
    expect(() => capacity('x', undefined as unknown as CapacityOptions)).toThrow('capacity needs options');
  });
});

describe('the plan', () => {
  it('has base units and defaults', () => {
    const plan = planCapacity({ ...base, while: ['p99 < 200ms'], timeout: '1s' } as CapacityOptions);
    expect(plan.goal).toEqual({
      ...{ low: 50, high: 2000, width: 0.05, trial: 10e9, scout: 2e9, durationSum: 30e9 },
      ...{ exceedRatio: 0.5, budget: 150e9 },
    });
    expect(plan.conditions.map(({ source }) => source)).toEqual(['p99 < 200ms', 'errors < 1%']);
    expect(plan.work).toEqual({ requests: { path: '/' }, timeout: '1s' });
    expect(plan).toMatchObject({ arrivals: 'uniform', settle: 5e8, at: [] });
  });

  it('adds nothing to conditions that speak of errors', () => {
    expect(planCapacity({ ...base, while: ['errors = 0'] }).conditions.map(({ source }) => source)).toEqual([
      'errors = 0',
    ]);
  });
});

function failureOf(attempt: () => unknown): PerfError {
  try {
    attempt();
  } catch (error) {
    return error as PerfError;
  }
  throw new Error('it was accepted');
}
