import { createRng, type Rng } from '@perfkeel/core';
import type { ConnectionTiming } from '../driver.ts';
import type { Failure, FailureKind } from '../failure.ts';
import type { AnswerParts } from '../record/load-recorder.ts';
import type { Sender, SenderFactory, SenderOptions, SenderSink } from './sender.ts';

/** Faults of what lies between, which another attempt may not meet. A timeout has been waited for once already. */
const transient: ReadonlySet<FailureKind> = new Set([
  'connect_refused',
  'connect_timeout',
  'reset',
  'closed_early',
  'stale_keepalive',
]);

/** The first pause in milliseconds; each one doubles. Their length is drawn between half of it and all of it. */
const firstPause = 10;

/** Tries work again that is idempotent: for its user it is one piece of work, which took as long as all attempts together. */
export const retrySender =
  (createSender: SenderFactory, retries: number, seed: number): SenderFactory =>
  (options) =>
    retries === 0 ? createSender(options) : new RetrySender(createSender, options, retries, createRng(seed));

interface Attempted {
  index: number;
  client: number;
  retries: number;
}

class RetrySender implements Sender, SenderSink {
  readonly #sender: Sender;
  readonly #sink: SenderSink;
  readonly #most: number;
  readonly #rng: Rng;
  readonly #attempted: Attempted[] = [];
  readonly #pauses = new Set<NodeJS.Timeout>();

  constructor(createSender: SenderFactory, { now, sink }: SenderOptions, most: number, rng: Rng) {
    this.#sink = sink;
    this.#most = most;
    this.#rng = rng;
    this.#sender = createSender({ now, sink: this });
  }

  endpointOf(index: number): number {
    return this.#sender.endpointOf(index);
  }

  hasRoom(): boolean {
    return this.#sender.hasRoom();
  }

  send(index: number, slot: number, client: number): void {
    this.#attempted[slot] = { index, client, retries: 0 };
    this.#sender.send(index, slot, client);
  }

  close(): void {
    for (const pause of this.#pauses) clearTimeout(pause);
    this.#pauses.clear();
    this.#sender.close();
  }

  answered(slot: number, answer: AnswerParts, wrong?: Failure): void {
    this.#sink.answered(slot, answer, wrong);
  }

  failed(slot: number, failure: Failure): void {
    const attempted = this.#attempted[slot]!;
    if (!transient.has(failure.kind) || attempted.retries >= this.#most) return this.#sink.failed(slot, failure);
    this.#sink.retried?.(slot);
    const longest = firstPause * 2 ** attempted.retries++;
    const pause = setTimeout(
      () => {
        this.#pauses.delete(pause);
        this.#sender.send(attempted.index, slot, attempted.client);
      },
      longest * (1 + this.#rng()) * 0.5,
    );
    this.#pauses.add(pause);
  }

  replayed(slot: number): void {
    this.#sink.replayed?.(slot);
  }

  stepSent(slot: number, endpoint: number): void {
    this.#sink.stepSent?.(slot, endpoint);
  }

  stepEnded(slot: number, answer: Pick<AnswerParts, 'status'> | undefined, failure: Failure | undefined): void {
    this.#sink.stepEnded?.(slot, answer, failure);
  }

  connected(timing: ConnectionTiming): void {
    this.#sink.connected?.(timing);
  }

  roomAgain(): void {
    this.#sink.roomAgain();
  }
}
