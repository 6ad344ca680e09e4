import type { Nanos } from '@perfkeel/core';
import type { CollectionKind, MemoryChannels } from '../target/memory-target.ts';

/** One passive look. */
export interface MonitorSample extends MemoryChannels {
  readonly type: 'sample';
  /** Since the monitor began. */
  readonly at: Nanos;
  /** Whether the program inside answered in time; without, there is only what the operating system tells. */
  readonly answered: boolean;
  /** Behind a forced collection, between two phases whose growth is told. */
  readonly collected?: true;
}

/** One garbage collection. */
export interface MonitorCollection {
  readonly type: 'collection';
  /** Its start, since the monitor began. */
  readonly at: Nanos;
  readonly pause: Nanos;
  readonly kind: CollectionKind;
  readonly forced: boolean;
}

/** The begin of a phase, which ends at the next one. */
export interface MonitorMark {
  readonly type: 'mark';
  readonly at: Nanos;
  readonly name: string;
  /** How often what the phase is about happens in it; present when its growth is told. */
  readonly occurrences?: number;
}

export type MonitorEvent = MonitorSample | MonitorCollection | MonitorMark;

/** The first line of what a monitor stores. */
export interface MonitorHeader {
  readonly type: 'monitor';
  readonly version: 1;
  readonly segment: string;
  readonly pid: number;
  /** Wall clock, ISO 8601. */
  readonly startedAt: string;
  readonly interval: Nanos;
}
