import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  metrics,
  parseDuration,
  type DurationText,
  type RoundContext,
  type RoundMeasurement,
  type Warning,
} from '@perfkeel/core';
import type { LeakReport } from './detect-leak.ts';
import { isSoak, soakGrowth, type SoakGrowth, type SoakTask } from './soak-growth.ts';

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
  return soakGrowth({
    ...task,
    ...{ signal, length, startedAt: early.startedAt, checkpoint: join(folder, `soak-${key}-${round}.ndjson`) },
    onRound: ({ at, heapData, rss }) => {
      context.progress(`soaked for ${Math.round(at / 1e9)} s`);
      // A run without any measurement would not be kept.
      const told = [
        [metrics.heap.id, heapData],
        [metrics.rss.id, rss],
      ] as const;
      context.checkpoint?.({
        measurements: told.flatMap(([metric, value]): RoundMeasurement[] =>
          value === undefined ? [] : [{ metric, data: { kind: 'exact', value } }],
        ),
      });
    },
  });
}

const earlyRemark = (length: DurationText): Warning => ({
  code: 'decided-early',
  message: `the first seconds were enough: the leak is larger than an objective allows, and ${length} would tell the same`,
});
