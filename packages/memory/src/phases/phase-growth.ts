import type { Estimate } from '@perfkeel/core';
import { analyzeChannels, type ChannelAnalysis } from '../analysis/analyze-channels.ts';
import { leakPoints } from '../analysis/analyze-leak-series.ts';
import { engineLearning } from '../analysis/engine-learning.ts';
import { thinned } from '../analysis/thinned.ts';
import type { HeapReading } from '../heap-reader.ts';
import { netGrowth } from './net-growth.ts';

/** What one phase of the work changed, between a collection before it and one behind it. */
export interface PhaseStep {
  readonly name: string;
  /** How often what the phase is about happened in it. */
  readonly occurrences: number;
  readonly before: HeapReading;
  readonly after: HeapReading;
}

/** What the phases of one name keep. */
export interface PhaseGrowth extends Pick<ChannelAnalysis, 'verdict' | 'reason' | 'resolution'> {
  readonly name: string;
  /** Phases of this name, and what happened in them. */
  readonly phases: number;
  readonly occurrences: number;
  /** Bytes that all of them together left behind: heap and buffers, or where only the system tells the resident set. */
  readonly bytes: number;
  /** Bytes that each occurrence leaves behind. */
  readonly perOccurrence: Estimate;
  /** The phases that give back what this one takes: everything above is what they leave of it. */
  readonly givenBackBy?: readonly string[];
}

const mostPoints = 2 * leakPoints;

/**
 * Tells what each phase keeps, in the order in which the names first appear: the steps of one phase put behind one
 * another, as if the others had not been. What a phase takes and another one gives back is not kept: of the two
 * together it is told what remains.
 *
 * Pure. Fewer than 40 phases of a name are inconclusive, with no upper bound.
 *
 * @param smallest growth below this many bytes per occurrence is not called a leak
 * @param before iterations of the same work before the first step: what few of them add may be the engine's own
 */
export function growthPerPhase(steps: readonly PhaseStep[], smallest?: number, before = 0): PhaseGrowth[] {
  return netGrowth(steps, (name, own) => growthOf(name, own, smallest, before));
}

/** Of the steps of one name, with those of others that give back what they take. */
function growthOf(name: string, steps: readonly PhaseStep[], smallest: number | undefined, done: number): PhaseGrowth {
  const startedAt = steps[0]!.before;
  const samples = lined(name, steps);
  const last = samples.at(-1)!;
  const { verdict, reason, resolution, perIteration } = analyzeChannels(thinned(samples, mostPoints), {
    startedAt,
    learning: engineLearning(done + last.iterations),
    ...(smallest === undefined ? {} : { smallest }),
  });
  const bytes = steps.reduce((sum, step) => sum + footprint(step.after) - footprint(step.before), 0);
  // Too few phases bound nothing; what was seen is still worth saying.
  const seen = Math.max(0, bytes / Math.max(last.iterations, 1));
  const perOccurrence = reason === 'short' ? { ...perIteration, value: seen } : perIteration;
  return {
    name,
    phases: samples.length,
    occurrences: last.iterations,
    bytes,
    verdict,
    reason,
    resolution,
    perOccurrence,
  };
}

const footprint = ({ heap, external, rss }: HeapReading): number => (Number.isNaN(heap) ? rss : heap + external);

type Point = HeapReading & { readonly iterations: number };

/** A point behind each phase of this name, always at the same place of the cycle. */
function lined(counted: string, steps: readonly PhaseStep[]): Point[] {
  let { heap, external, rss } = steps[0]!.before;
  let iterations = 0;
  return steps.flatMap(({ name, before, after, occurrences }) => {
    heap += after.heap - before.heap;
    external += after.external - before.external;
    rss += after.rss - before.rss;
    if (name !== counted) return [];
    iterations += occurrences;
    return [{ iterations, heap, external, rss }];
  });
}
