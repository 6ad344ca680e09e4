import type { Operation } from '../operation.ts';
import { keyOf } from '../value-text.ts';
import { lift, linkEvents, unlift, type Event } from './event-list.ts';
import type { SequentialModel } from './sequential-model.ts';
import { OrderedSet } from './ordered-set.ts';

/**
 * Whether some order of the operations explains every answer.
 *
 * - `yes`: `order` is one, as indices of operations; those without an answer are in it only where they must be
 * - `no`: `stuck` is the first answer, in the order of the returns, up to which no order explains what had been answered;
 *   where finding it would take long, the answer beyond which no order came
 * - `unknown`: the search was stopped
 */
export type Linearization =
  | { readonly answer: 'yes'; readonly order: readonly number[] }
  | { readonly answer: 'no'; readonly stuck: Operation }
  | { readonly answer: 'unknown' };

/** Steps between two looks at the clock. */
const patience = 256;

/**
 * Searches for an order that the model allows and that respects time: what had returned before something else was
 * called comes first (Herlihy and Wing, "Linearizability", 1990). The search is that of Wing and Gong (1993) with the
 * memory of Lowe ("Testing for linearizability", 2017): no set of operations that led to the same state is tried twice.
 * Exponential in how many operations overlap, at worst.
 *
 * Operations that were refused are left out; those whose outcome is unknown may take effect at any time after their
 * call, or never.
 *
 * @param mayGoOn asked every 256 steps; the answer is `unknown` when it says no
 */
export function findLinearization<State, Input>(
  operations: readonly Operation<unknown, Input>[],
  model: SequentialModel<State, Input>,
  mayGoOn: () => boolean = () => true,
): Linearization {
  const search = new Search(operations, model, mayGoOn);
  const order = search.run();
  if (order === 'unknown') return { answer: 'unknown' };
  if (order !== 'none') return { answer: 'yes', order };
  return { answer: 'no', stuck: firstInexplicable(operations, model) ?? search.furthest! };
}

/** Blocks of steps that a shorter counterexample is worth: whoever has no answer yet doubles the search. */
const worthwhile = 80;

/**
 * The end of the shortest beginning that has no explanation, by bisection: what has none has none when more is known.
 * `undefined` when that would take long.
 */
function firstInexplicable<State, Input>(
  operations: readonly Operation<unknown, Input>[],
  model: SequentialModel<State, Input>,
): Operation | undefined {
  let left = worthwhile;
  const mayGoOn = (): boolean => left-- > 0;
  const ended = operations.filter(({ outcome }) => outcome === 'ok').sort((a, b) => a.returnAt - b.returnAt);
  let [low, high] = [0, ended.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const order = new Search(upTo(ended[middle]!.returnAt, operations), model, mayGoOn).run();
    if (order === 'unknown') return undefined;
    if (order === 'none') high = middle;
    else low = middle + 1;
  }
  return ended[high]!;
}

/** What an observer knows at a moment: who has not been answered by then may have taken effect, or may not. */
const upTo = <Input>(
  time: number,
  operations: readonly Operation<unknown, Input>[],
): readonly Operation<unknown, Input>[] =>
  operations
    .filter(({ callAt }) => callAt <= time)
    .map((operation) =>
      operation.returnAt <= time ? operation : { ...operation, outcome: 'unknown', returnAt: Infinity },
    );

/** Nothing is `undefined` in a model, and `null` in the JSON of an answer. */
const answerKey = (value: unknown): string => keyOf(value ?? undefined);

interface Step<State> {
  readonly call: Event;
  readonly before: State;
}

class Search<State, Input> {
  readonly #model: SequentialModel<State, Input>;
  readonly #mayGoOn: () => boolean;
  readonly #head: Event;
  readonly #done: OrderedSet;
  readonly #tried = new Set<string>();
  readonly #path: Step<State>[] = [];
  #state: State;
  /** Operations that must still find their place. */
  #open: number;
  /** Of the answers that had no place when their time came, the last one. */
  furthest: Operation | undefined;

  constructor(operations: readonly Operation[], model: SequentialModel<State, Input>, mayGoOn: () => boolean) {
    const asked = operations.filter(({ outcome }) => outcome !== 'error').sort((a, b) => a.callAt - b.callAt);
    this.#model = model;
    this.#mayGoOn = mayGoOn;
    this.#head = linkEvents(asked);
    this.#done = new OrderedSet(asked.length);
    this.#open = asked.filter(({ outcome }) => outcome === 'ok').length;
    this.#state = model.initial;
  }

  /** The indices of the operations in an order that explains all answers. */
  run(): readonly number[] | 'none' | 'unknown' {
    let event = this.#head.next;
    for (let steps = 1; this.#open > 0; steps++) {
      if (steps % patience === 0 && !this.#mayGoOn()) return 'unknown';
      // Every operation that must find its place has a return in the list, so it cannot end before.
      const next = event!.isCall ? this.#place(event!) : this.#goBack(event!);
      if (next === 'none') return 'none';
      event = next;
    }
    return this.#path.map(({ call }) => call.operation.index);
  }

  /** Tries an operation as the next one in the order. */
  #place(call: Event): Event | undefined {
    const { outcome, value, input } = call.operation;
    const effect = this.#model.apply(this.#state, input as Input);
    const fits = outcome !== 'ok' || !('value' in effect) || answerKey(effect.value) === answerKey(value);
    if (!fits) return call.next;
    this.#done.add(call.slot);
    const situation = `${this.#done.key()}${keyOf(effect.state)}`;
    if (this.#tried.has(situation)) {
      this.#done.delete(call.slot);
      return call.next;
    }
    this.#tried.add(situation);
    this.#path.push({ call, before: this.#state });
    this.#state = effect.state;
    if (outcome === 'ok') this.#open -= 1;
    lift(call);
    return this.#head.next;
  }

  /** A return whose operation has no place yet: everything after it comes too late, so an earlier choice was wrong. */
  #goBack({ operation }: Event): Event | undefined | 'none' {
    if (this.furthest === undefined || operation.returnAt > this.furthest.returnAt) this.furthest = operation;
    const step = this.#path.pop();
    if (step === undefined) return 'none';
    const { call, before } = step;
    this.#state = before;
    this.#done.delete(call.slot);
    if (call.operation.outcome === 'ok') this.#open += 1;
    unlift(call);
    return call.next;
  }
}
