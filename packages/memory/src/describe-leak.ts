import { formatNumber, formatQuantity } from '@perfkeel/core';
import { leakPoints, type LeakReason } from './analysis/analyze-leak-series.ts';
import type { ChannelAnalysis } from './analysis/analyze-channels.ts';
import type { LeakReport } from './detect-leak.ts';
import type { LengthWord } from './leak-options.ts';

type Described = Pick<LeakReport, 'verdict' | 'reason' | 'perIteration' | 'resolution'> &
  Partial<Pick<ChannelAnalysis, 'channels' | 'native'>>;

const findings: Record<LeakReason, string> = {
  steady: 'memory grows steadily',
  staircase: 'memory grows in steps, as a container makes that never shrinks',
  flat: 'memory does not grow',
  plateaued: 'memory grew and then stopped',
  decelerating: 'memory grows more and more slowly: it may stop or not',
  jumps: 'memory grew in steps without a pattern: they may go on or not',
  short: 'there are too few samples to decide',
  silent: 'there are worker threads that did not answer: what they keep is not known',
};

/** `anything above 0.12 B per iteration would have been seen`, or that nothing would have been. */
export function describeResolution(resolution: number): string {
  return Number.isFinite(resolution)
    ? `anything above ${formatQuantity(resolution, 'B')} per iteration would have been seen`
    : 'too few samples to see any growth';
}

function figures({ verdict, perIteration, resolution }: Described): string {
  const size = (bytes: number): string => formatQuantity(bytes, 'B');
  const { value, lo, hi } = perIteration;
  if (verdict === 'leak') return `${size(value)} per iteration [${size(lo)}, ${size(hi)}]`;
  return verdict === 'stable' ? describeResolution(resolution) : `at most ${size(hi)} per iteration`;
}

/** What a finding speaks of: `memory` unless buffers outside the heap, or worker threads, have a part in it. */
function subjectOf({ verdict, channels, native }: Described): string {
  if (native) return 'native memory (only the process as a whole shows it)';
  if (verdict === 'stable' || channels === undefined) return 'memory';
  const { heap, external, threads } = channels;
  if (threads !== undefined && threads.verdict !== 'stable' && threads.reason !== 'silent')
    return heap.verdict === 'stable' && external.verdict === 'stable'
      ? ofThreads
      : 'memory, that of worker threads too,';
  if (external.verdict === 'stable') return 'memory';
  return heap.verdict === 'stable' ? offHeap : 'memory on the heap and outside of it';
}

const offHeap = 'memory outside the heap (buffers)';
const ofThreads = 'memory of worker threads';

/** Beside a finding about all else. */
export const silentThreads = findings.silent;

/** The finding about buffers alone. */
export const describeOffHeap = (external: Described): string => describe(external, offHeap);

/** The finding of a report in one line, with its figures, for people. */
export const describeLeak = (report: Described): string => describe(report, subjectOf(report));

function describe(report: Described, subject: string): string {
  const finding = findings[report.reason].replace(/^memory/, subject);
  return report.reason === 'short' || report.reason === 'silent' ? finding : `${finding}: ${figures(report)}`;
}

/** What would decide a report that leaves a limit open: a sentence that ends in the option to set, in the user's `word`. */
export function whatWouldDecide(report: LeakReport, limit: number, word: LengthWord = 'duration'): string {
  const longer = (wanted: number): string => longerBy(report, wanted, word);
  const { reason, perIteration, samples, stoppedBy, channels } = report;
  if (limit <= 0) return 'an objective above 0: no measurement can show growth of exactly nothing';
  if (stoppedBy === 'memory') return 'a larger heap (--max-old-space-size): memory ran out before the samples did';
  if (channels.threads?.reason === 'silent')
    return 'worker threads that answer: one that waits outside of JavaScript, as in spawnSync, does not';
  if (reason === 'short' && stoppedBy === undefined) return `at least ${leakPoints} samples, not ${samples.length}`;
  if (reason === 'short')
    return `more time for its ${leakPoints} samples: ${longer((1.25 * leakPoints) / samples.length)}`;
  if (report.verdict === 'stable') return `finer resolution: ${longer((1.25 * perIteration.hi) / limit)}`;
  return `a longer look, to see whether growth ends: ${longer(4)}`;
}

function longerBy({ plannedMs, iterationsPerSample }: LeakReport, wanted: number, word: LengthWord): string {
  const factor = Math.max(wanted, 1.25);
  const seconds = `${Math.ceil(((plannedMs ?? 0) * factor) / 1000)}s`;
  const length = word === '--for' ? `--for ${seconds}` : `${word}: '${seconds}'`;
  const option = plannedMs === undefined ? `iterations: ${Math.ceil(iterationsPerSample * factor)}` : length;
  return `${formatNumber(factor)} times the iterations, with ${option}`;
}
