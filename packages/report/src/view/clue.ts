import type { Judgement } from '@perfkeel/core';
import type { BenchmarkView, MetricView } from './benchmark-view.ts';

/** Something that was measured beside an objective and says where to look, and what to try about it. */
export interface Clue {
  readonly evidence: string;
  readonly attempt?: string | undefined;
}

/** Reads one kind of signal; nothing where it is not there, or too small to matter. */
export type ClueReader = (view: BenchmarkView, judgement: Judgement) => readonly Clue[];

export const metricNamed = ({ metrics }: BenchmarkView, id: string): MetricView | undefined =>
  metrics.find(({ metric }) => metric.id === id);

/** A part of a time that is worth a word. */
export const notableShare = 0.1;
