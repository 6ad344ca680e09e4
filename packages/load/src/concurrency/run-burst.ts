import { messageOf, msFromNanos, shuffled, type Nanos, type Rng, type RunningTarget } from '@perfkeel/core';
import type { ConcurrencyCall, ConcurrencyHands, OperationIdentity } from './concurrency-options.ts';
import type { ConcurrencyPlan } from './concurrency-plan.ts';
import type { Operation } from './operation.ts';

/** What all bursts of a round work with. */
export interface BurstContext {
  readonly plan: ConcurrencyPlan;
  readonly hands: ConcurrencyHands<unknown, unknown, unknown>;
  readonly setup: unknown;
  readonly target: RunningTarget | undefined;
  readonly signal: AbortSignal;
  readonly random: Rng;
  /** Nanoseconds since the round began. */
  readonly now: () => Nanos;
}

/** An operation while it runs. */
interface Slot {
  readonly call: ConcurrencyCall<unknown, unknown>;
  readonly controller: AbortController;
  /** An attempt before this one may have taken effect. */
  uncertain: boolean;
  callAt: number;
  attempts: number;
  ended?: Pick<Operation, 'returnAt' | 'outcome' | 'value' | 'error'>;
}

/**
 * One operation of every client, released together: all are built first, then all are begun in one turn of the event
 * loop, in a random order. Ends when each has its outcome; failures are data.
 *
 * @throws what `input`, `retryWhen` or `unknownWhen` throw, and the reason of the signal
 */
export async function runBurst(context: BurstContext, burst: number): Promise<readonly Operation[]> {
  const slots = Array.from({ length: context.plan.clients }, (_, client) => buildSlot(context, client, burst));
  await new Burst(context, slots).run();
  return slots.map(recordOf);
}

function buildSlot(context: BurstContext, client: number, burst: number): Slot {
  const { plan, setup, target, random } = context;
  const identity: OperationIdentity = { client, burst, index: burst * plan.clients + client };
  const controller = new AbortController();
  const { signal } = controller;
  const input = plan.input?.({ ...identity, random });
  const call = { ...identity, attempt: 0, input, setup, target, signal };
  return { call, controller, uncertain: false, callAt: NaN, attempts: 0 };
}

function recordOf({ call, callAt, attempts, ended }: Slot): Operation {
  const { index, client, burst, input } = call;
  return { index, client, burst, ...(input === undefined ? {} : { input }), callAt, attempts, ...ended! };
}

const firstPause = 5;
const longestPause = 200;

/** A pause of random length, longer after every attempt ("full jitter"): those that collided do not meet again. */
const pauseMs = (attempts: number, random: Rng): number =>
  random() * Math.min(longestPause, firstPause * 2 ** (attempts - 1));

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function';

class Burst {
  readonly #context: BurstContext;
  readonly #slots: readonly Slot[];
  readonly #pauses = new Set<NodeJS.Timeout>();
  #open: number;
  #done: () => void = () => {};
  #failed: (reason: unknown) => void = () => {};

  constructor(context: BurstContext, slots: readonly Slot[]) {
    this.#context = context;
    this.#slots = slots;
    this.#open = slots.length;
  }

  async run(): Promise<void> {
    const { plan, random, signal } = this.#context;
    signal.throwIfAborted();
    const order = shuffled(this.#slots, random);
    const ended = new Promise<void>((resolve, reject) => {
      this.#done = resolve;
      this.#failed = reject;
    });
    const stop = (): void => this.#failed(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    const timer = setTimeout(() => this.#giveUp(), Math.ceil(msFromNanos(plan.timeout)));
    for (const slot of order) this.#attempt(slot);
    try {
      await ended;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      this.#close();
    }
  }

  #attempt(slot: Slot): void {
    const { now, hands } = this.#context;
    const call = slot.attempts === 0 ? slot.call : { ...slot.call, attempt: slot.attempts };
    slot.attempts += 1;
    try {
      if (slot.attempts === 1) slot.callAt = now();
      const returned = hands.op(call);
      if (isThenable(returned)) {
        returned.then(
          (value) => this.#answered(slot, value),
          (error: unknown) => this.#refused(slot, error),
        );
      } else this.#answered(slot, returned);
    } catch (error) {
      this.#refused(slot, error);
    }
  }

  #answered(slot: Slot, value: unknown): void {
    this.#end(slot, { returnAt: this.#context.now(), outcome: 'ok', value });
  }

  #refused(slot: Slot, error: unknown): void {
    if (slot.ended !== undefined) return;
    const { plan, now } = this.#context;
    const returnAt = now();
    try {
      slot.uncertain ||= plan.unknownWhen(error);
      if (slot.attempts <= plan.retries && plan.retryWhen(error)) {
        this.#tryAgain(slot);
        return;
      }
    } catch (fault) {
      this.#failed(fault);
      return;
    }
    const message = messageOf(error);
    if (slot.uncertain) this.#end(slot, { returnAt: Infinity, outcome: 'unknown', error: message });
    else this.#end(slot, { returnAt, outcome: 'error', error: message });
  }

  #tryAgain(slot: Slot): void {
    const pause = setTimeout(
      () => {
        this.#pauses.delete(pause);
        if (slot.ended === undefined) this.#attempt(slot);
      },
      pauseMs(slot.attempts, this.#context.random),
    );
    this.#pauses.add(pause);
  }

  #end(slot: Slot, ended: NonNullable<Slot['ended']>): void {
    if (slot.ended !== undefined) return;
    slot.ended = ended;
    this.#open -= 1;
    if (this.#open === 0) this.#done();
  }

  /** The time is over: who has not answered by now may still do something. */
  #giveUp(): void {
    const error = `no answer within ${msFromNanos(this.#context.plan.timeout)} ms`;
    for (const slot of this.#slots) this.#end(slot, { returnAt: Infinity, outcome: 'unknown', error });
  }

  /** Nobody waits for what is still under way. */
  #close(): void {
    for (const pause of this.#pauses) clearTimeout(pause);
    const reason = new DOMException('the burst is over', 'TimeoutError');
    for (const { ended, controller } of this.#slots) {
      if (ended === undefined || ended.outcome === 'unknown') controller.abort(reason);
    }
  }
}
