import type { RunSummary } from '../run-summary.ts';
import type { IndexedRun, SegmentSeries } from './segment.ts';

/** Some runs and what they say about some series. */
export interface Segment {
  readonly runs: readonly RunSummary[];
  readonly series: readonly SegmentSeries[];
}

/** What was read out of runs once. Derived: whoever deletes it loses time only. */
export interface RunIndex {
  /** All runs that it knows, by hash. */
  summaries(): Promise<ReadonlyMap<string, RunSummary>>;
  /** Forgets everything, so that it is read again. */
  clear(): Promise<void>;
  add(runs: readonly IndexedRun[]): Promise<void>;
  /**
   * @param shas of runs whose segments are wanted; others may come along
   * @param wanted which series, by the text of their keys
   */
  read(shas: ReadonlySet<string>, wanted: (key: string) => boolean): Promise<readonly Segment[]>;
}
