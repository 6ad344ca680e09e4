import { describe, expect, it } from 'vitest';
import { answers, messages, operation } from '../../../test/support/history.ts';
import { atMost } from './at-most.ts';
import { conserved } from './conserved.ts';
import { custom } from './custom.ts';
import { disjointRanges, type Range } from './disjoint-ranges.ts';
import { exactlyOnce } from './exactly-once.ts';
import { monotonicPerClient } from './monotonic-per-client.ts';
import { noLostUpdates } from './no-lost-updates.ts';
import { uniqueValues } from './unique-values.ts';

const clean = (examined: number): unknown => ({ violations: [], examined });

describe('uniqueValues', () => {
  it('names who got the same value', () => {
    expect(uniqueValues().examine(answers([1, 2, 3]))).toEqual(clean(3));
    const found = uniqueValues().examine(answers([7, 8, 7, 9, 7, 7, 7]));
    expect(found.violations).toEqual([
      {
        message: '7 was given 5 times: to client 0 in burst 0, client 2 in burst 0, client 4 in burst 0 and 2 more',
        operations: [0, 2, 4, 5, 6],
      },
    ]);
  });

  it('compares what is written: 7, 7n and "7" are one identifier, objects go by their content', () => {
    expect(uniqueValues().examine(answers([7, 7n, '7'])).violations).toHaveLength(1);
    expect(
      uniqueValues().examine(
        answers([
          { a: 1, b: [2] },
          { b: [2], a: 1 },
        ]),
      ).violations,
    ).toHaveLength(1);
    expect(uniqueValues().examine(answers([[1, 2], [1, 3], '[ 1, 2 ]', { 0: 1, 1: 2 }])).violations).toEqual([]);
    const long = Array.from({ length: 200 }, (_, i) => i);
    expect(uniqueValues().examine(answers([long, [...long, 1]])).violations).toEqual([]);
  });

  it('leaves out what is no value, and operations that did not answer', () => {
    const ids = uniqueValues((reply: { id?: number }) => reply.id);
    expect(ids.examine(answers([{ id: 1 }, {}, {}]))).toEqual(clean(1));
    const operations = [
      operation(0, 5),
      operation(1, 5, { outcome: 'error' }),
      operation(2, 5, { outcome: 'unknown' }),
    ];
    expect(ids.examine({ operations: [] })).toEqual(clean(0));
    expect(uniqueValues().examine({ operations })).toEqual(clean(1));
  });
});

describe('disjointRanges', () => {
  const ranges = disjointRanges((range: Range) => range);

  it('finds a shared number at the edge, a range inside another one, and the same range twice', () => {
    expect(
      ranges.examine(
        answers([
          [11, 20],
          [1, 10],
          [21, 30],
        ]),
      ),
    ).toEqual(clean(3));
    expect(
      messages(
        ranges.examine(
          answers([
            [1, 10],
            [10, 20],
          ]),
        ),
      ),
    ).toEqual(['10 to 20, given to client 1 in burst 0, overlaps 1 to 10 of client 0 in burst 0']);
    expect(
      ranges.examine(
        answers([
          [1, 100],
          [5, 6],
          [50, 60],
          [100, 110],
        ]),
      ).violations,
    ).toHaveLength(3);
    expect(
      ranges.examine(
        answers([
          [1, 1],
          [1, 1],
        ]),
      ).violations,
    ).toHaveLength(1);
    expect(
      ranges.examine(
        answers([
          [1n, 10n],
          [10, 12],
        ]),
      ).violations,
    ).toHaveLength(1);
  });

  it('lets half-open ranges touch', () => {
    const open = disjointRanges((range: Range) => range, { end: 'excluded' });
    expect(
      open.examine(
        answers([
          [0, 10],
          [10, 20],
        ]),
      ),
    ).toEqual(clean(2));
    expect(
      open.examine(
        answers([
          [0, 11],
          [10, 20],
        ]),
      ).violations,
    ).toHaveLength(1);
    expect(open.examine(answers([[5, 5]])).violations).toHaveLength(1);
  });

  it.each([[[3, 1]], [[1]], [['a', 'b']], [[NaN, 2]], ['text']])('calls %j no range', (wrong) => {
    expect(messages(ranges.examine(answers([wrong])))[0]).toMatch(/, given to client 0 in burst 0, is no range$/);
  });
});

describe('noLostUpdates', () => {
  it('misses what was acknowledged, and allows what was not', () => {
    const history = {
      operations: [operation(0, 'a'), operation(1, 'b'), operation(2, 'x', { outcome: 'unknown' })],
      readBack: ['a', 'x', 'y'],
    };
    expect(noLostUpdates().examine(history)).toEqual({
      violations: [
        { message: "'b' was acknowledged to client 1 in burst 0, and is not there at the end", operations: [1] },
      ],
      examined: 2,
    });
  });

  it('compares parts of answers and of items', () => {
    const invariant = noLostUpdates({ of: (reply: { id: number }) => reply.id, in: (row: { key: string }) => row.key });
    expect(invariant.readsBack).toBe(true);
    expect(invariant.examine(answers([{ id: 1 }, { id: 2 }], [{ key: '2' }, { key: '1' }]))).toEqual(clean(2));
  });
});

describe('exactlyOnce', () => {
  it('counts effects by the key of the operation', () => {
    expect(exactlyOnce().examine(answers(['ok', 'ok'], [1, 0]))).toEqual(clean(2));
    expect(messages(exactlyOnce().examine(answers(['ok', 'ok', 'ok'], [0, 2, 2])))).toEqual([
      '1 was acknowledged to client 1 in burst 0, and took no effect',
      '2 took effect 2 times, asked for by client 2 in burst 0',
    ]);
  });

  it('allows at most one effect where the outcome is unknown or an error', () => {
    const once = (effects: readonly number[]): number =>
      exactlyOnce().examine({
        operations: [operation(0, '', { outcome: 'unknown' }), operation(1, '', { outcome: 'error' })],
        readBack: effects,
      }).violations.length;
    expect([once([]), once([0]), once([1]), once([0, 0]), once([1, 1])]).toEqual([0, 0, 0, 1, 1]);
  });

  it('takes operations with one key for one', () => {
    const invariant = exactlyOnce({ key: ({ input }) => input, in: (row: { key: string }) => row.key });
    const operations = [operation(0, 'done', { input: 'k' }), operation(1, 'done before', { input: 'k' })];
    expect(invariant.examine({ operations, readBack: [{ key: 'k' }] }).violations).toEqual([]);
    expect(messages(invariant.examine({ operations, readBack: [{ key: 'k' }, { key: 'k' }] }))).toEqual([
      "'k' took effect 2 times, asked for by client 0 in burst 0 and client 1 in burst 0",
    ]);
  });
});

describe('monotonicPerClient', () => {
  it('sees a client go back, and nothing between clients', () => {
    const operations = [
      operation(0, 5, { client: 0, burst: 0 }),
      operation(1, 1, { client: 1, burst: 0 }),
      operation(2, 4, { client: 0, burst: 1 }),
      operation(3, 1, { client: 1, burst: 1 }),
      operation(4, 5, { client: 0, burst: 2 }),
    ];
    expect(monotonicPerClient().examine({ operations })).toEqual({
      violations: [{ message: 'client 0 was answered 5 in burst 0, and 4 in burst 1', operations: [0, 2] }],
      examined: 3,
    });
    expect(monotonicPerClient(undefined, { strictly: true }).examine({ operations }).violations).toHaveLength(3);
  });

  it('goes by when the answers were asked for', () => {
    const late = [operation(0, 2, { client: 0, at: [10, 11] }), operation(1, 1, { client: 0, at: [1, 2] })];
    expect(monotonicPerClient().examine({ operations: late }).violations).toEqual([]);
  });
});

describe('conserved', () => {
  it('misses one increment of a thousand', () => {
    const counter = conserved({ change: () => 1 });
    const values = Array.from({ length: 1000 }, () => 'ok');
    expect(counter.examine(answers(values, [1000]))).toEqual(clean(1000));
    expect(messages(counter.examine(answers(values, [999])))).toEqual([
      'the total is 999 at the end, and 1000 was to be conserved',
    ]);
  });

  it('allows either total where an outcome is unknown, and none of what was refused', () => {
    const operations = [
      operation(0, 'ok', { input: 5 }),
      operation(1, 'late', { input: 3, outcome: 'unknown' }),
      operation(2, 'no', { input: 100, outcome: 'error' }),
      operation(3, 'late', { input: -2, outcome: 'unknown' }),
    ];
    const moved = conserved({ initial: 10, change: ({ input }) => input as number });
    const holds = (total: number): boolean => moved.examine({ operations, readBack: [total] }).violations.length === 0;
    expect([12, 13, 15, 18, 19].map(holds)).toEqual([false, true, true, true, false]);
  });

  it('sums fractions as closely as it is told to', () => {
    const sum = conserved({ initial: 0.3, within: 1e-9 });
    expect(sum.examine(answers(['ok'], [0.1, 0.2])).violations).toEqual([]);
    expect(conserved({ initial: 0.3 }).examine(answers(['ok'], [0.1, 0.2])).violations).toHaveLength(1);
  });

  it('does not decide on what is no number', () => {
    const open = conserved({ change: ({ value }) => (value as { by: number } | undefined)?.by ?? NaN });
    const operations = [operation(0, '', { outcome: 'unknown' })];
    expect(open.examine({ operations, readBack: [1] }).undecided).toBe('what the operations add is not a number');
    expect(conserved().examine(answers(['ok'], ['many'])).undecided).toBe('the total that was read back is NaN');
  });
});

describe('atMost', () => {
  it('names those that came too late', () => {
    expect(atMost(2).examine(answers(['a', 'b']))).toEqual(clean(2));
    const found = atMost(2).examine(answers(['a', 'b', 'c', 'd']));
    expect(found.violations).toEqual([
      {
        message:
          '4 operations succeeded where at most 2 may; the last were client 2 in burst 0 and client 3 in burst 0',
        operations: [2, 3],
      },
    ]);
  });

  it('counts what it is told to', () => {
    const sold = atMost(1, (reply: { sold: boolean }) => reply.sold);
    expect(sold.examine(answers([{ sold: true }, { sold: false }]))).toEqual(clean(2));
  });

  it.each([-1, 1.5, NaN, '3'])('refuses the limit %s', (limit) => {
    expect(() => atMost(limit as number)).toThrow('cannot be counted');
  });
});

describe('custom', () => {
  it('passes counterexamples on', () => {
    const find = (found: unknown): unknown => custom('mine', () => found as string).examine(answers([1]));
    expect(find(undefined)).toEqual(clean(1));
    expect(find([])).toEqual(clean(1));
    expect(find('1 is odd')).toEqual({ violations: [{ message: '1 is odd', operations: [] }], examined: 1 });
    expect(find(['a', 'b'])).toMatchObject({ violations: [{ message: 'a' }, { message: 'b' }] });
  });

  it.each([[true], [false], [5], [[1]], [Promise.resolve('late')]])('refuses %s as a counterexample', (found) => {
    const examine = (): unknown => custom('mine', () => found as unknown as string).examine(answers([1]));
    expect(examine).toThrow(expect.objectContaining({ code: 'bad-counterexample' }) as Error);
  });
});
