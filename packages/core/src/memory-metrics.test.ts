import { describe, expect, it } from 'vitest';
import { failureOf } from '../test/failure-of.ts';
import { declarations, declare, withdraw, type Declaration } from './declaration.ts';
import { metrics } from './metric.ts';
import { target } from './target.ts';

const location = { file: '/project/orders.perf.ts', line: 7, column: 1 };
const declaration = (fields: Partial<Record<keyof Declaration, unknown>> = {}): Declaration =>
  ({
    name: 'parse',
    kind: 'latency',
    metrics: [metrics.responseTime],
    primary: metrics.responseTime.id,
    quantiles: true,
    objectives: ['p99 < 5us'],
    rounds: 3,
    tags: [],
    location,
    instrument: () => Promise.resolve({ measurements: [] }),
    ...fields,
  }) as Declaration;
const idsOf = (declared: Declaration): string[] => declared.metrics.map(({ id }) => id);
const server = target({ command: ['node', 'server.js'] });

describe('memory', () => {
  it.each<[string, Partial<Record<keyof Declaration, unknown>>, string[]]>([
    ['adds what a process tells of itself', { memory: true }, ['heap', 'max-rss', 'allocated', 'gc-time']],
    ['adds what is known of a started target', { memory: true, target: server }, ['max-rss']],
    ['adds nothing unless it is asked for', { memory: false }, []],
    [
      'leaves to a benchmark what it measures itself',
      { memory: true, metrics: [metrics.responseTime, metrics.allocated, metrics.collectionTime] },
      ['allocated', 'gc-time', 'heap', 'max-rss'],
    ],
  ])('%s', (_, fields, added) => {
    expect(idsOf(declare(declaration(fields)))).toEqual(['response-time', ...added]);
  });

  it('promises what its list says, beside the other objectives', () => {
    const declared = declare(declaration({ memory: ['heap < 64MB', 'gc-time < 5%'] }));
    expect(declared.objectives).toEqual(['p99 < 5us', 'heap < 64MB', 'gc-time < 5%']);
    expect(declarations().at(-1)).toBe(declared);
  });

  it.each<[string, Partial<Record<keyof Declaration, unknown>>, string, string]>([
    ['a word', { memory: 'yes' }, 'the memory of latency("parse") is "yes"', 'Write memory: true'],
    ['a list of other things', { memory: [true] }, 'the memory of latency("parse") is ', 'Write memory: true'],
    ['a promise about time', { memory: ['p99 < 1s'] }, 'nothing here is called "p99"', 'heap, max-rss'],
    ['a heap of a target', { memory: ['heap < 1MB'], target: server }, 'called "heap"', 'max-rss'],
    [
      'a process that nobody knows',
      { memory: true, target: target({ url: 'http://127.0.0.1:1' }) },
      'the target of latency("parse") is a url',
      'Let perfkeel start it',
    ],
    [
      'what is measured already',
      { memory: true, metrics: [metrics.responseTime, metrics.maxRss] },
      'already',
      'Leave out',
    ],
  ])('refuses %s, at the place of the declaration', (_, fields, message, hint) => {
    const before = declarations().length;
    const quiet = { objectives: [], quantiles: false, ...fields };
    const error = failureOf(() => declare(declaration(quiet)));
    expect(error).toMatchObject({ exitCode: 2, location });
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
    expect(declarations()).toHaveLength(before);
  });
});

it('a declaration that was withdrawn is not collected, and the others keep their order', () => {
  const before = [...declarations()];
  const [a, b, c] = ['a', 'b', 'c'].map((name) => declare(declaration({ name })));
  withdraw(b!);
  withdraw(b!);
  expect(declarations()).toEqual([...before, a, c]);
});
