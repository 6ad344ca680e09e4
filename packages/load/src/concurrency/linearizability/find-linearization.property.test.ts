import fc from 'fast-check';
import { expect, it } from 'vitest';
import { operation } from '../../../test/support/history.ts';
import type { Operation } from '../operation.ts';
import { keyOf } from '../value-text.ts';
import { findLinearization } from './find-linearization.ts';
import { counterModel, queueModel, registerModel, type SequentialModel } from './sequential-model.ts';

/** The definition itself: tries every order, with every choice of pending operations that took effect. */
function isLinearizable<S>(
  open: readonly Operation[],
  model: SequentialModel<S, never>,
  state = model.initial,
): boolean {
  if (open.every(({ outcome }) => outcome !== 'ok')) return true;
  return open.some((next) => {
    const others = open.filter((other) => other !== next);
    if (others.some(({ returnAt }) => returnAt < next.callAt)) return false;
    const effect = model.apply(state, next.input as never);
    const fits = next.outcome !== 'ok' || !('value' in effect) || keyOf(effect.value) === keyOf(next.value);
    return fits && isLinearizable(others, model, effect.state);
  });
}

/** Respects time, uses no operation twice, leaves out none that answered, and gives every answer that was given. */
function explains<S>(
  order: readonly number[],
  operations: readonly Operation[],
  model: SequentialModel<S, never>,
): boolean {
  const placed = order.map((index) => operations[index]!);
  const complete = operations.every(({ outcome, index }) => outcome !== 'ok' || order.includes(index));
  const timely = placed.every((one, i) => placed.slice(i + 1).every((later) => !(later.returnAt < one.callAt)));
  let state = model.initial;
  const answered = placed.every((one) => {
    const effect = model.apply(state, one.input as never);
    state = effect.state;
    return one.outcome !== 'ok' || !('value' in effect) || keyOf(effect.value) === keyOf(one.value);
  });
  return complete && timely && answered && new Set(order).size === order.length;
}

const small = fc.integer({ min: 0, max: 2 });
const models = {
  register: {
    model: registerModel(0) as SequentialModel<unknown, never>,
    input: fc.oneof(
      fc.constant({ read: true }),
      small.map((write) => ({ write })),
    ),
  },
  queue: {
    model: queueModel() as SequentialModel<unknown, never>,
    input: fc.oneof(
      fc.constant({ dequeue: true }),
      small.map((enqueue) => ({ enqueue })),
    ),
  },
  counter: { model: counterModel() as SequentialModel<unknown, never>, input: fc.constant(undefined) },
};

it.each(Object.entries(models))('agrees with the definition on small histories of a %s', (_, { model, input }) => {
  const step = fc.record({
    input,
    value: fc.integer({ min: 0, max: 3 }),
    callAt: fc.integer({ min: 0, max: 12 }),
    length: fc.integer({ min: 0, max: 8 }),
    outcome: fc.constantFrom('ok' as const, 'ok' as const, 'ok' as const, 'unknown' as const),
  });
  const seen = { yes: 0, no: 0 };
  fc.assert(
    fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
      const operations = steps.map(({ input, value, callAt, length, outcome }, index) =>
        operation(index, value, { input, outcome, at: [callAt, callAt + length] }),
      );
      const found = findLinearization(operations, model);
      expect(found.answer).toBe(isLinearizable(operations, model) ? 'yes' : 'no');
      if (found.answer === 'yes') expect(explains(found.order, operations, model)).toBe(true);
      if (found.answer === 'no') expectFirst(found.stuck, operations, model);
      if (found.answer !== 'unknown') seen[found.answer] += 1;
    }),
    { numRuns: 1500, seed: 20 },
  );
  // A property that only ever saw one side would say little.
  expect(Math.min(seen.yes, seen.no)).toBeGreaterThan(150);
});

/** Up to the answer before it there is an order, and up to this one there is none. */
function expectFirst(
  stuck: Operation,
  operations: readonly Operation<never, never>[],
  model: SequentialModel<unknown, never>,
): void {
  const upTo = (time: number): Operation<never, never>[] =>
    operations.flatMap((one): Operation<never, never>[] => {
      if (one.callAt > time) return [];
      return one.returnAt <= time ? [one] : [{ ...one, outcome: 'unknown', returnAt: Infinity }];
    });
  expect(isLinearizable(upTo(stuck.returnAt), model)).toBe(false);
  const before = operations.map(({ returnAt }) => returnAt).filter((time) => time < stuck.returnAt);
  expect(isLinearizable(upTo(Math.max(-1, ...before)), model)).toBe(true);
}
