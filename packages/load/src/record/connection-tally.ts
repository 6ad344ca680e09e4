import { createHistogram, type Histogram } from '@perfkeel/core';
import type { ConnectionTiming } from '../driver.ts';
import { histogramBytes, SharedHistogram } from './shared-histogram.ts';

/** What opening connections took, part by part, in nanoseconds. */
export interface ConnectionTimes {
  /** Connections that were opened in the whole run, also in what is not measured: kept alive, most are opened there. */
  readonly opened: number;
  /** Looking the name up; 0 for an address, and for a name that is known already. */
  readonly dns: Histogram;
  /** From the address to a connection. */
  readonly connect: Histogram;
  /** The handshake of TLS; empty without. */
  readonly tls: Histogram;
}

const parts = ['dns', 'connect', 'tls'] as const;

/** The connections of one thread that sends, on memory that others may read. */
export class ConnectionTally {
  /** To be handed to another thread, and into its constructor there. */
  readonly buffer: SharedArrayBuffer;
  readonly #histograms: readonly SharedHistogram[];

  constructor(buffer = new SharedArrayBuffer(parts.length * histogramBytes)) {
    this.buffer = buffer;
    this.#histograms = parts.map((_, i) => new SharedHistogram(buffer, i * histogramBytes));
  }

  record(timing: ConnectionTiming): void {
    parts.forEach((part, i) => {
      const time = timing[part];
      if (time !== undefined) this.#histograms[i]!.record(time);
    });
  }

  part(name: (typeof parts)[number]): SharedHistogram {
    return this.#histograms[parts.indexOf(name)]!;
  }
}

/** Those of all threads together. Exact. */
export function sumConnections(tallies: readonly ConnectionTally[]): ConnectionTimes {
  const sum = (part: (typeof parts)[number]): Histogram =>
    createHistogram(...tallies.map((tally) => tally.part(part).toData()));
  const connect = sum('connect');
  return { opened: connect.count, dns: sum('dns'), connect, tls: sum('tls') };
}
