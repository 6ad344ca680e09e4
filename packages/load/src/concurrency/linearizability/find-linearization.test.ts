import { describe, expect, it } from 'vitest';
import { operation } from '../../../test/support/history.ts';
import { findLinearization } from './find-linearization.ts';
import { counterModel, queueModel, registerModel } from './sequential-model.ts';

/** Whose it is, what was asked, when it was called, and when it answered what; without an answer it is pending. */
type Line = readonly [client: string, input: unknown, callAt: number, returnAt?: number, value?: unknown];

const history = (lines: readonly Line[]): ReturnType<typeof operation>[] =>
  lines.map(([client, input, callAt, returnAt, value], index) =>
    operation(index, value, {
      client: client.charCodeAt(0),
      input,
      at: [callAt, returnAt ?? NaN],
      outcome: returnAt === undefined ? 'unknown' : 'ok',
    }),
  );

const enqueue = (item: string): unknown => ({ enqueue: item });
const dequeue = { dequeue: true };
const write = (value: number): unknown => ({ write: value });
const read = { read: true };

describe('the queue of Herlihy and Wing (1990), figure 1', () => {
  const answerOf = (lines: readonly Line[]): string => findLinearization(history(lines), queueModel()).answer;

  it('(a) is acceptable: overlapping enqueues may take either order, and the last one is pending', () => {
    const found = findLinearization(
      history([
        ['A', enqueue('x'), 0, 3],
        ['B', enqueue('y'), 1, 2],
        ['B', dequeue, 4, 5, 'x'],
        ['A', dequeue, 6, 7, 'y'],
        ['A', enqueue('z'), 8],
      ]),
      queueModel(),
    );
    expect(found).toEqual({ answer: 'yes', order: [0, 1, 2, 3] });
  });

  it('(b) is not: x was enqueued before y, and y came out first', () => {
    const found = findLinearization(
      history([
        ['A', enqueue('x'), 0, 1],
        ['B', enqueue('y'), 2, 4],
        ['A', dequeue, 3, 5, 'y'],
      ]),
      queueModel(),
    );
    expect(found).toMatchObject({ answer: 'no', stuck: { index: 2 } });
  });

  it('(c) is acceptable: what is dequeued may come from an enqueue that has not returned', () => {
    const lines: Line[] = [
      ['A', enqueue('x'), 0],
      ['B', dequeue, 1, 2, 'x'],
    ];
    expect(findLinearization(history(lines), queueModel())).toEqual({ answer: 'yes', order: [0, 1] });
  });

  it('(d) is not: y came out twice', () => {
    expect(
      answerOf([
        ['A', enqueue('x'), 0, 2],
        ['B', enqueue('y'), 1, 3],
        ['A', dequeue, 4, 6, 'y'],
        ['C', dequeue, 5, 7, 'y'],
      ]),
    ).toBe('no');
  });

  it('an empty queue answers nothing, and only while it may be empty', () => {
    const emptyAt = (from: number, to: number): string =>
      answerOf([
        ['A', enqueue('x'), 10, 20],
        ['B', dequeue, from, to, null],
      ]);
    expect([emptyAt(0, 5), emptyAt(15, 30), emptyAt(21, 30)]).toEqual(['yes', 'yes', 'no']);
  });
});

describe('a register', () => {
  const answerOf = (lines: readonly Line[]): string => findLinearization(history(lines), registerModel(0)).answer;

  it('may show a write that overlaps from some point on, and then for everybody', () => {
    const seen = (first: number, second: number): string =>
      answerOf([
        ['A', write(1), 0, 10],
        ['B', read, 1, 3, first],
        ['C', read, 4, 6, second],
      ]);
    // Seen by one and gone for the next one: the new-old inversion of a regular register.
    expect([seen(0, 0), seen(0, 1), seen(1, 1), seen(1, 0)]).toEqual(['yes', 'yes', 'yes', 'no']);
  });

  it('does not answer a read with what has been overwritten', () => {
    const after = (value: number): string =>
      answerOf([
        ['A', write(1), 0, 1],
        ['A', write(2), 2, 3],
        ['B', read, 4, 5, value],
      ]);
    expect([after(0), after(1), after(2)]).toEqual(['no', 'no', 'yes']);
  });

  it('is sequentially consistent and not linearizable when a read is stale in real time', () => {
    expect(
      answerOf([
        ['A', write(1), 0, 1],
        ['B', read, 2, 3, 0],
      ]),
    ).toBe('no');
  });

  it('may show a write without an answer at any time, or never', () => {
    const later = (...values: readonly number[]): string =>
      answerOf([['A', write(1), 0], ...values.map((value, i): Line => ['B', read, 10 + 2 * i, 11 + 2 * i, value])]);
    expect([later(0, 0), later(0, 1, 1), later(1), later(1, 0)]).toEqual(['yes', 'yes', 'yes', 'no']);
  });

  it('leaves out what was refused', () => {
    const refused = operation(0, 'no', { input: write(1), at: [0, 1], outcome: 'error' });
    const reader = operation(1, 1, { input: read, at: [2, 3] });
    expect(findLinearization([refused, reader], registerModel(0)).answer).toBe('no');
  });

  it('tells which answer is the first that fits nowhere', () => {
    const lines: Line[] = [
      ['A', write(1), 0, 1],
      ['B', read, 2, 3, 1],
      ['C', read, 4, 5, 7],
      ['D', read, 6, 7, 8],
    ];
    expect(findLinearization(history(lines), registerModel(0))).toMatchObject({ answer: 'no', stuck: { index: 2 } });
  });
});

describe('the search', () => {
  it('takes an order for what happened at the same time on a coarse clock', () => {
    const found = findLinearization(
      history([
        ['A', undefined, 5, 5, 2],
        ['B', undefined, 5, 5, 1],
      ]),
      counterModel(),
    );
    expect(found).toEqual({ answer: 'yes', order: [1, 0] });
  });

  it('orders a thousand increments of fifty clients, and finds the one that was lost', () => {
    const lines = Array.from({ length: 1000 }, (_, i): Line => {
      const burst = Math.floor(i / 50);
      return ['A', undefined, burst * 100, burst * 100 + 50, i + 1];
    }).reverse();
    expect(findLinearization(history(lines), counterModel()).answer).toBe('yes');
    const [first, second, ...rest] = lines;
    const lost = [first!, [...second!.slice(0, 4), first![4]] as unknown as Line, ...rest];
    expect(findLinearization(history(lost), counterModel())).toMatchObject({ answer: 'no' });
  });

  it('answers before or after an increment', () => {
    const lines: Line[] = [['A', 5, 0, 1, 10]];
    expect(findLinearization(history(lines), counterModel({ initial: 10, answers: 'before' })).answer).toBe('yes');
    expect(findLinearization(history(lines), counterModel({ initial: 10 })).answer).toBe('no');
  });

  it('does not know when it is stopped', () => {
    // All writes overlap, and no order of them explains the last read: the search would have to try all sets.
    const writes = Array.from({ length: 24 }, (_, i): Line => ['A', write(i), 0, 100]);
    const reads = Array.from({ length: 8 }, (_, i): Line => ['B', read, 0, 100, i]);
    const lines = [...writes, ...reads, ['C', read, 101, 102, -1] as const];
    let asked = 0;
    expect(findLinearization(history(lines), registerModel(0), () => asked++ < 3).answer).toBe('unknown');
    expect(asked).toBe(4);
  });

  it('of nothing is an empty order', () => {
    expect(findLinearization([], counterModel())).toEqual({ answer: 'yes', order: [] });
  });
});
