import { formatQuantity, type Clock, type Nanos } from '@perfkeel/core';
import { who, type Finding, type Invariant, type Violation } from '../invariant.ts';
import type { OperationHistory, Operation } from '../operation.ts';
import { keyOf, showValue } from '../value-text.ts';
import { findLinearization, type Linearization } from './find-linearization.ts';
import type { SequentialModel } from './sequential-model.ts';

/**
 * Every history can be explained by some order of its operations. What the budget does not suffice for is undecided,
 * and never a pass.
 *
 * @param budget for all histories together, since the search lets nothing else run meanwhile
 */
export function linearizable<State, Input>(
  model: SequentialModel<State, Input>,
  budget: Nanos,
  clock: Clock,
): Invariant {
  let left: number = budget;
  return {
    name: 'linearizable',
    readsBack: false,
    examine(history): Finding {
      const begun = clock.now();
      const deadline = begun + left;
      const parts = partsOf(history as OperationHistory<unknown, Input>, model);
      const mayGoOn = (): boolean => clock.now() < deadline;
      const answers = parts.map((part) => ({ part, found: findLinearization(part, model, mayGoOn) }));
      left -= clock.now() - begun;
      const open = answers.filter(({ found }) => found.answer === 'unknown').length;
      const ofParts = parts.length > 1 ? ` of ${open} of ${parts.length} parts` : '';
      return {
        violations: answers.flatMap(({ part, found }) => violationOf(part, found)),
        examined: history.operations.filter(({ outcome }) => outcome === 'ok').length,
        ...(open > 0
          ? { undecided: `the search for an order${ofParts} was not finished within ${formatQuantity(budget, 'ns')}` }
          : {}),
      };
    },
  };
}

function partsOf<State, Input>(
  { operations }: OperationHistory<unknown, Input>,
  { partition }: SequentialModel<State, Input>,
): readonly (readonly Operation<unknown, Input>[])[] {
  if (partition === undefined) return [operations];
  const parts = new Map<string, Operation<unknown, Input>[]>();
  for (const operation of operations) {
    const key = keyOf(partition(operation.input as Input));
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [operation]);
    else part.push(operation);
  }
  return [...parts.values()];
}

const mostBefore = 2;
const mostBeside = 3;

function violationOf(part: readonly Operation[], found: Linearization): readonly Violation[] {
  if (found.answer !== 'no') return [];
  const { stuck } = found;
  const others = part.filter((operation) => operation !== stuck && operation.outcome !== 'error');
  const before = others.filter(({ returnAt }) => returnAt < stuck.callAt).sort((a, b) => b.returnAt - a.returnAt);
  const beside = others.filter(({ callAt, returnAt }) => callAt <= stuck.returnAt && returnAt >= stuck.callAt);
  const clauses = [
    `no order of the operations explains ${tell(stuck)}`,
    listed('before it', before, mostBefore),
    listed('at the same time', beside, mostBeside),
  ].filter((clause) => clause !== '');
  return [{ message: clauses.join('; '), operations: [stuck.index] }];
}

function listed(title: string, operations: readonly Operation[], most: number): string {
  if (operations.length === 0) return '';
  const more = operations.length - most;
  return `${title}: ${operations.slice(0, most).map(tell).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** `client 1 in burst 0: { write: 1 } → 'ok'`. */
function tell(operation: Operation): string {
  const asked = operation.input === undefined ? [] : [showValue(operation.input)];
  const answer = operation.outcome === 'ok' ? showValue(operation.value) : 'no answer';
  return `${who(operation)}: ${[...asked, answer].join(' → ')}`;
}
