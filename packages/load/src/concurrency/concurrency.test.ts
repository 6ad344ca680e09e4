import { PerfError, declarations, target } from '@perfkeel/core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { concurrency, type ConcurrencyOptions } from './concurrency.ts';
import type { ConcurrencySubject } from './concurrency-options.ts';
import { disjointRanges } from './invariants/disjoint-ranges.ts';
import { noLostUpdates } from './invariants/no-lost-updates.ts';
import { uniqueValues } from './invariants/unique-values.ts';
import { registerModel } from './linearizability/sequential-model.ts';

const base = { clients: 5, op: () => Promise.resolve(1), invariants: [uniqueValues()] };

describe('concurrency()', () => {
  it('declares what must hold, with no tolerance', () => {
    const api = target({ url: 'http://127.0.0.1:1' });
    const declared = concurrency('reserve ids', { ...base, target: api, objectives: ['p99 of response-time < 2s'] });
    expect(declared).toMatchObject({
      name: 'reserve ids',
      kind: 'concurrency',
      primary: 'violations',
      quantiles: false,
      rounds: 5,
      objectives: ['violations = 0', 'p99 of response-time < 2s'],
      target: api,
    });
    expect(declared.metrics.map(({ id }) => id)).toEqual(['violations', 'errors', 'response-time', 'overlap']);
    expect(declared.location?.file).toContain('concurrency.test.ts');
    expect(declarations()).toContain(declared);
    expect(concurrency('plain', base).objectives).toEqual(['violations = 0']);
    expect(concurrency('said', { ...base, objectives: ['violations = 0'] }).objectives).toEqual(['violations = 0']);
    expect(concurrency('shown', { ...base, expected: 'fail' }).objectives).toEqual(['violations = 0']);
  });

  it('carries the types of setup, input and answer', () => {
    concurrency('typed', {
      clients: 2,
      setup: () => Promise.resolve({ next: 1 }),
      input: ({ client, random }) => (random() < 0.5 ? { write: client } : { read: true as const }),
      op: ({ setup, input, client }) => {
        expectTypeOf(setup).toEqualTypeOf<{ next: number }>();
        expectTypeOf(input).toExtend<{ write?: number; read?: true }>();
        expectTypeOf(client).toBeNumber();
        return Promise.resolve({ from: setup.next, to: setup.next });
      },
      readBack: ({ setup }) => [setup.next],
      invariants: [disjointRanges((reply: { from: number; to: number }) => [reply.from, reply.to]), noLostUpdates()],
      linearizable: { model: registerModel() },
      control: { op: ({ setup }) => setup.next },
    });
    // @ts-expect-error an invariant on another answer
    concurrency('other', { ...base, invariants: [uniqueValues((reply: string) => reply)] });
    // @ts-expect-error a promise that tolerates
    expect(() => concurrency('loose', { ...base, objectives: ['violations < 3'] })).toThrow('would tolerate a race');
  });

  it.each<[string, Partial<ConcurrencySubject<number>> | Partial<ConcurrencyOptions<number>>, string, string?]>([
    ['no clients', { clients: undefined as unknown as number }, 'concurrency has undefined clients', 'clients'],
    ['one client', { clients: 1 }, 'concurrency has 1 clients', 'clients'],
    ['half a burst', { bursts: 0.5 }, 'concurrency has 0.5 bursts', 'bursts'],
    ['endless work', { clients: 2000, bursts: 2000 }, '4000000 operations are more than can be kept', 'bursts'],
    ['no operation', { op: undefined as never }, 'concurrency has no operation', 'op'],
    ['a setup that is no function', { setup: 5 as never }, '`setup` of concurrency is 5', 'setup'],
    ['nothing that must hold', { invariants: [] }, 'nothing that must hold', 'invariants'],
    ['what is no invariant', { invariants: [uniqueValues as never] }, 'are no list of invariants', 'invariants'],
    ['nothing to read back', { invariants: [noLostUpdates()] }, 'nothing reads it back', 'invariants'],
    ['no model', { linearizable: {} as never }, 'linearizable has no model', 'linearizable'],
    ['an empty control', { control: {} }, 'the control of concurrency is no twin', 'control'],
    ['a control with something else', { control: { clients: 2 } as never }, 'is no twin of it', 'control'],
    ['retries of anything', { retries: 2 }, 'only what is idempotent may be tried again', 'retries'],
    ['no time', { timeout: '0s' }, 'a timeout of 0', 'timeout'],
    ['too much time', { timeout: '48h' }, 'longer than a day', 'timeout'],
    ['no duration', { timeout: '5 minutes' as '5m' }, '"5 minutes" is not a duration'],
    ['an unknown option', { client: 5 } as never, 'concurrency("x") has no option "client"', 'client'],
    ['an unknown metric', { objectives: ['p99 < 5ms'] as never }, 'nothing here is called "p99"'],
  ])('refuses %s, and says where', (_, options, message, excerpt) => {
    const failure = failureOf(() => concurrency('x', { ...base, ...options }));
    expect(failure).toBeInstanceOf(PerfError);
    expect(failure.message).toContain(message);
    expect(failure.hint).toMatch(/\S/);
    expect(failure.exitCode).toBe(2);
    expect(failure.location?.file).toContain('concurrency.test.ts');
    if (excerpt !== undefined) expect(failure.excerpt).toBe(excerpt);
  });

  it('refuses options that are missing altogether', () => {
    expect(() => concurrency('x', undefined as never)).toThrow('concurrency needs options');
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
