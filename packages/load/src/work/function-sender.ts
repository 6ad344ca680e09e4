import { messageOf, type Nanos } from '@perfkeel/core';
import { classifyError, type Failure } from '../failure.ts';
import { Deadlines, type DeadlineLine } from '../http1/deadlines.ts';
import { Link } from '../http1/linked-list.ts';
import type { Rows } from './rows.ts';
import type { Sender, SenderFactory, SenderOptions, SenderSink } from './sender.ts';

/** What a function that is the load is given. */
export interface LoadCall<Row = unknown, State = unknown, Parameters = object> {
  /** How manieth call it is, warm-up included, from 0 on. */
  readonly index: number;
  /**
   * Who calls: clients are numbered from 0 on, and each makes one call at a time. At a rate the smallest number that is
   * free. So what belongs to a client, such as a connection, can be kept in a list.
   */
  readonly client: number;
  /** The row of `data` for this call; `undefined` without data. */
  readonly row: Row;
  /** What `setup` returned; the same for all calls of a round. */
  readonly setup: State;
  /** Those of `over` that this benchmark is made for; empty without. */
  readonly parameters: Parameters;
  /** Where the target answers; `undefined` without a target. */
  readonly url: string | undefined;
  /** Aborted when the timeout has passed, and at the end of the run. */
  readonly signal: AbortSignal;
}

/** Any piece of work: it is done well when it returns, and failed when it throws. */
export type LoadFunction<Row = unknown, State = unknown, Parameters = object> = (
  call: LoadCall<Row, State, Parameters>,
) => unknown;

export interface FunctionWork {
  readonly run: LoadFunction<never, never, never>;
  readonly setup: unknown;
  readonly parameters: object;
  readonly url: string | undefined;
  readonly rows: Rows;
  readonly timeout: Nanos;
}

/** Calls a function instead of sending requests: queries, messages over a socket, whatever is asynchronous. */
export const functionSender =
  (work: FunctionWork): SenderFactory =>
  (options) =>
    new FunctionSender(work, options);

class FunctionSender implements Sender {
  readonly #work: FunctionWork;
  readonly #now: () => Nanos;
  readonly #sink: SenderSink;
  readonly #deadlines: Deadlines;
  readonly #timeouts: DeadlineLine<Call>;
  /** The latest call of each slot. */
  readonly #calls: Call[] = [];

  constructor(work: FunctionWork, { now, sink }: SenderOptions) {
    this.#work = work;
    this.#now = now;
    this.#sink = sink;
    this.#deadlines = new Deadlines(now);
    this.#timeouts = this.#deadlines.line(work.timeout, (call) => this.#timeOut(call));
  }

  endpointOf(): number {
    return -1;
  }

  hasRoom(): boolean {
    return true;
  }

  send(index: number, slot: number, client: number): void {
    const { run, url, rows, setup, parameters } = this.#work;
    const call = new Call(slot, { index, client, url, setup, parameters });
    const before = this.#calls[slot];
    this.#calls[slot] = call;
    this.#timeouts.add(call.deadline, this.#now());
    try {
      // What is tried again has the same row.
      call.row = before?.index === index ? before.row : rows.at(index);
      const result = (run as LoadFunction)(call);
      if (isThenable(result)) {
        result.then(
          () => this.#done(call),
          (error: unknown) => this.#failed(call, error),
        );
      } else queueMicrotask(() => this.#done(call));
    } catch (error) {
      queueMicrotask(() => this.#failed(call, error));
    }
  }

  close(): void {
    this.#deadlines.stop();
    for (const call of this.#calls) call.abort(new Error('the run is over'));
  }

  #done(call: Call): void {
    if (call.end()) this.#sink.answered(call.slot, { status: 0, bytes: 0 });
  }

  #failed(call: Call, error: unknown): void {
    if (call.end()) this.#sink.failed(call.slot, failureOf(error));
  }

  #timeOut(call: Call): void {
    const ms = this.#work.timeout / 1e6;
    call.abort(new DOMException(`no result within ${ms} ms`, 'TimeoutError'));
    if (call.end()) this.#sink.failed(call.slot, { kind: 'timeout', message: `no result within ${ms} ms` });
  }
}

/** One call of the function. Its signal is only made when somebody asks for it: most never do. */
class Call implements LoadCall {
  readonly slot: number;
  readonly index: number;
  readonly client: number;
  readonly url: string | undefined;
  readonly setup: unknown;
  readonly parameters: object;
  readonly deadline = new Link<Call>(this);
  row: unknown;
  #over = false;
  #abort: AbortController | undefined;
  #reason: unknown;

  constructor(slot: number, { index, client, url, setup, parameters }: Omit<LoadCall, 'row' | 'signal'>) {
    this.slot = slot;
    this.index = index;
    this.client = client;
    this.url = url;
    this.setup = setup;
    this.parameters = parameters;
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#reason !== undefined) this.#abort.abort(this.#reason);
    return this.#abort.signal;
  }

  /** Whether this is its first outcome. */
  end(): boolean {
    if (this.#over) return false;
    this.deadline.leave();
    return (this.#over = true);
  }

  /** What is over has nothing to abort. */
  abort(reason: unknown): void {
    if (this.#over) return;
    this.#reason = reason;
    this.#abort?.abort(reason);
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function';

/** Errors of the system keep their class; of everything else only the message is known. */
function failureOf(error: unknown): Failure {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { kind } = typeof cause === 'object' && cause !== null ? classifyError(cause) : { kind: 'other' as const };
  return { kind, message: messageOf(error) };
}
