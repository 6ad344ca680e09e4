import type { Nanos, Warning } from '@perfkeel/core';
import type { FailureCounts } from '../../record/tally.ts';
import type { LoadInterval } from '../../record/load-series.ts';
import type { ServerSignals } from '../signals/server-signals.ts';

/** What the clients saw of the requests that were measured. Times are service times: without waiting to be sent. */
export interface ClientFacts {
  readonly requests: number;
  /** Nanoseconds from the sending to the end of the answer, without waiting for a connection. */
  readonly mean: Nanos;
  readonly min: Nanos;
  readonly p50: Nanos;
  readonly p99: Nanos;
  /** Requests of which nothing came, or something else than expected. */
  readonly failed: number;
  readonly failures: FailureCounts;
  /** What is measured, in intervals. */
  readonly course: readonly LoadInterval[];
}

/** What is known of a run, from both of its sides. */
export interface Facts {
  readonly client: ClientFacts;
  readonly server: ServerSignals;
  /** The same in intervals. */
  readonly course: readonly ServerSignals[];
  /** What reading the page of metrics took, half of the times at most. */
  readonly roundTrip?: Nanos | undefined;
  /** Share of the time in which some program of this machine waited for a processor; absent where nobody knows. */
  readonly pressure?: number | undefined;
  /** Reasons to doubt the generator itself. */
  readonly doubts: readonly Warning[];
}

const crowded = 0.25;

/** Whatever runs on this machine waits for a processor now and then. */
export const isCrowded = ({ pressure = 0 }: Facts): boolean => pressure > crowded;

/**
 * How much of the time in which its event loop was busy a target really had a processor. On a machine with enough of them
 * the rest is its own doing, as by synchronous calls; on a crowded one it waited, and what it did took longer than it takes.
 */
function shareOnProcessor(facts: Facts): number {
  const { processors, loopUtilisation = 0 } = facts.server;
  return isCrowded(facts) && processors !== undefined && loopUtilisation > 0
    ? Math.min(processors / loopUtilisation, 1)
    : 1;
}

const mostOfIt = 0.5;

/** The share of its busy time in which a target had a processor, where it had to wait for most of it. */
export function starvation(facts: Facts): number | undefined {
  const share = shareOnProcessor(facts);
  return share < mostOfIt ? share : undefined;
}

/** Requests as the server counts them, where it does: others may ask it too. */
export const handled = ({ server: { handling }, client }: Facts): number =>
  handling !== undefined && handling.count > 0 ? handling.count : client.requests;
