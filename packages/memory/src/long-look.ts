import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parseDuration, type DurationText, type RoundContext, type Warning } from '@perfkeel/core';
import type { LeakReport } from './detect-leak.ts';
import { courseMeasurements } from './leak-measurements.ts';
import { isSoak, sampleOf, soakGrowth, type SoakGrowth, type SoakTask } from './soak-growth.ts';
import { soakLines } from './soak/soak.ts';

export interface LongLook extends Pick<SoakTask, 'work' | 'clients' | 'target' | 'probe' | 'smallest'> {
  readonly name: string;
  readonly length: DurationText | undefined;
  /** The least growth per iteration that an objective allows. */
  readonly limit: number;
  /** A look of seconds. */
  readonly first: (length: DurationText) => Promise<LeakReport>;
}

const longestFirstMs = 20_000;

/**
 * A look of many minutes, which goes on where it was interrupted; `undefined` where it is short, or nothing is kept. A
 * first one of seconds comes before it: nobody waits for hours to hear of a leak that shows at once.
 */
export async function lookLong(
  { name, length, limit, first, ...task }: LongLook,
  context: RoundContext,
): Promise<SoakGrowth | undefined> {
  const { folder, short, signal, round } = context;
  const ns = length === undefined ? 0 : parseDuration(length);
  if (folder === undefined || short || length === undefined || !isSoak(parseDuration(length))) return undefined;
  const early = await first(`${Math.min(longestFirstMs, ns / 1e7)}ms`);
  if (early.verdict === 'leak' && early.perIteration.lo > limit)
    return { report: early, remarks: [earlyRemark(length)] };
  const key = createHash('sha256').update(name).digest('hex').slice(0, 16);
  const checkpoint = join(folder, `soak-${key}-${round}.ndjson`);
  return soakGrowth({
    ...task,
    ...{ signal, length, startedAt: early.startedAt, checkpoint },
    onRound: (line) => {
      context.progress(`soaked for ${Math.round(line.at / 1e9)} s`);
      // Read again each time: lines that were held here would be growth when it is this process that is soaked.
      const samples = soakLines(checkpoint).lines.map(sampleOf);
      // A run without any measurement would not be kept.
      context.checkpoint?.({ measurements: courseMeasurements(samples, sampleOf(line)) });
    },
  });
}

const earlyRemark = (length: DurationText): Warning => ({
  code: 'decided-early',
  message: `the first seconds were enough: the leak is larger than an objective allows, and ${length} would tell the same`,
});
