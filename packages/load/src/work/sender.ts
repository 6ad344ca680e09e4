import type { Nanos } from '@perfkeel/core';
import type { ConnectionTiming } from '../driver.ts';
import type { Failure } from '../failure.ts';
import type { AnswerParts } from '../record/load-recorder.ts';

/** Where a sender reports. `slot` is what the work was sent with. */
export interface SenderSink {
  /** `wrong` when it is not the answer that was hoped for. The answer is valid during the call only. */
  answered(slot: number, answer: AnswerParts, wrong?: Failure): void;
  failed(slot: number, failure: Failure): void;
  /** There may be room again. Said too often rather than too rarely. */
  roomAgain(): void;
  /** The work will be tried once more; its outcome is still to come. */
  retried?(slot: number): void;
  /** The work was sent once more, since nobody had received it; its outcome is still to come. */
  replayed?(slot: number): void;
  /** A step of the work begins; `endpoint` as of `Sender.endpointOf`. */
  stepSent?(slot: number, endpoint: number): void;
  /** The step that began last is over: without an answer, with a wrong one, or with a good one. */
  stepEnded?(slot: number, answer: Pick<AnswerParts, 'status'> | undefined, failure: Failure | undefined): void;
  /** A connection has been opened. */
  connected?(timing: ConnectionTiming): void;
}

/** What the loops send: it knows what each piece of work is and how it is done, they know when. */
export interface Sender {
  /** To which endpoint a piece of work belongs; -1 when to none with a name. */
  endpointOf(index: number): number;
  /** Begins a piece of work now. Its outcome reaches the sink exactly once, and never before `send` has returned. */
  send(index: number, slot: number, client: number): void;
  /** False while one more would only slow down what is on its way. */
  hasRoom(): boolean;
  /** Ends everything. What is still in flight may fail or stay without an outcome. */
  close(): void;
}

export interface SenderOptions {
  /** Nanoseconds since the start of the run. */
  readonly now: () => Nanos;
  readonly sink: SenderSink;
}

export type SenderFactory = (options: SenderOptions) => Sender;
