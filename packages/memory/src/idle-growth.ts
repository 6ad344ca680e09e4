import { setTimeout as delay } from 'node:timers/promises';
import { formatQuantity, parseDuration, type DurationText, type Estimate } from '@perfkeel/core';
import { analyzeChannels } from './analysis/analyze-channels.ts';
import { leakPoints } from './analysis/analyze-leak-series.ts';
import type { HeapReader, HeapReading } from './heap-reader.ts';
import type { MemorySample } from './memory-sample.ts';

/** What grows with time alone. */
export interface IdleGrowth {
  /** Bytes per second. */
  readonly perSecond: Estimate;
  /** Bytes per second that would have been seen. */
  readonly resolution: number;
  readonly verdict: 'leak' | 'stable' | 'inconclusive';
  /** Wall time that was looked at, in seconds. */
  readonly seconds: number;
}

/** Least growth in bytes per second that counts: 4 KB an hour. */
const smallest = 4096 / 3600;

/** Looks on while nothing is asked of the process. A reading collects garbage: memory held until then is not growth. */
export async function measureIdle(read: HeapReader, idle: DurationText, signal?: AbortSignal): Promise<IdleGrowth> {
  const spanMs = parseDuration(idle) / 1e6;
  const began = performance.now();
  const startedAt = await read();
  const samples: Omit<MemorySample, 'at'>[] = [];
  for (let i = 1; i <= leakPoints; i++) {
    const due = began + (i * spanMs) / leakPoints;
    await delay(Math.max(0, due - performance.now()), undefined, signal ? { signal } : {});
    const reading = await read();
    samples.push({ iterations: (performance.now() - began) / 1000, ...reading });
  }
  return analyzeIdle(samples, startedAt, (performance.now() - began) / 1000);
}

/** Pure. @param samples with seconds in place of iterations */
export function analyzeIdle(
  samples: readonly Omit<MemorySample, 'at'>[],
  startedAt: HeapReading,
  seconds: number,
): IdleGrowth {
  const { perIteration, resolution, verdict } = analyzeChannels(samples, { smallest, startedAt });
  return { perSecond: perIteration, resolution, verdict, seconds };
}

const perHour = (bytesPerSecond: number): string => `${formatQuantity(bytesPerSecond * 3600, 'B')} per hour`;

export function describeIdle({ perSecond, resolution, verdict, seconds }: IdleGrowth): string {
  const { value, lo, hi } = perSecond;
  const looked = `idle for ${formatQuantity(seconds * 1e9, 'ns')}`;
  if (verdict === 'leak') return `${looked}, memory grows by ${perHour(value)} [${perHour(lo)}, ${perHour(hi)}]`;
  const known = Number.isFinite(resolution) ? perHour(resolution) : 'any amount';
  return `${looked}, ${verdict === 'stable' ? `anything above ${known} would have been seen` : `memory may grow by up to ${perHour(hi)}`}`;
}
