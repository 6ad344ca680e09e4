import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { metrics, parseDuration, type DurationText, type RoundContext } from '@perfkeel/core';
import type { SoakLine } from './soak/soak-line.ts';
import { isSoak, soakGrowth, type SoakGrowth } from './soak-growth.ts';
import type { Work } from './repeat.ts';
import type { MemoryTarget } from './target/memory-target.ts';

/** A round of which something is kept until its run has ended, whatever interrupts it. */
export type KeptContext = RoundContext & {
  /** A folder that the run has to itself, the same when it goes on. */
  readonly folder?: string | undefined;
};

export interface LongLook {
  readonly name: string;
  readonly work: Work;
  readonly target: MemoryTarget | undefined;
  readonly length: DurationText | undefined;
  readonly smallest: number;
}

/** A look of many minutes, which goes on where it was interrupted; `undefined` where it is short, or nothing is kept. */
export async function lookLong(
  { name, length, ...task }: LongLook,
  context: KeptContext,
): Promise<SoakGrowth | undefined> {
  const { folder, short, signal, round } = context;
  if (folder === undefined || short || length === undefined || !isSoak(parseDuration(length))) return undefined;
  const key = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return soakGrowth({
    ...task,
    ...{ signal, length, checkpoint: join(folder, `soak-${key}-${round}.ndjson`) },
    onRound: (lines, soaked) => {
      context.progress(`soaked for ${Math.round(soaked / 1e9)} s`);
      context.checkpoint?.({ measurements: soFar(lines) });
    },
  });
}

/** What there is to show of a look that has not ended. */
const soFar = (lines: readonly SoakLine[]) => {
  const last = lines.at(-1)?.heapData;
  if (last === undefined) return [];
  return [{ metric: metrics.heap.id, data: { kind: 'exact', value: last } } as const];
};
