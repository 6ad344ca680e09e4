import { describeValue, usageError, type DurationText } from '@perfkeel/core';
import { generateLoad, type LoadContext, type PlaceOptional } from '../generate-load.ts';
import type { AnyWork, FunctionWork, LoadWork } from '../load-options.ts';
import type { CsvRow } from '../work/read-csv.ts';
import { fitUsl, leastUslPoints, type UslFit, type UslPoint } from './usl.ts';

export type ScalingOptions<Row = CsvRow, State = undefined> = {
  /** Numbers of clients, each with a run of its own: at least six different ones. */
  readonly clients: readonly number[];
  /** How long each run is measured. */
  readonly for: DurationText;
  /** How long each runs before that. @default a fifth of `for`, at most '1s' */
  readonly warmup?: DurationText;
} & ((LoadWork<Row, State> & LoadContext) | (AnyWork<Row> & FunctionWork<Row, State> & PlaceOptional));

/** Throughput over the number of clients, and the law that explains it. */
export interface ScalingResult {
  /** In the order of `clients`; throughput in good answers per second. */
  readonly points: readonly UslPoint[];
  /** `undefined` where nothing was answered. */
  readonly fit: UslFit | undefined;
}

/**
 * Measures how throughput grows with the number of clients (the closed model), and fits the Universal Scalability Law:
 * how much of the work is done one after the other (contention), and what clients cost each other (coherency). An
 * explanation of a capacity, and no verdict.
 *
 * @throws PerfError `bad-scaling` below six different numbers of clients, and what `generateLoad` throws
 * @example
 * const { fit } = await measureScaling({ url, requests: { path: '/' }, clients: [1, 2, 4, 8, 16, 32], for: '3s' });
 */
export async function measureScaling<Row = CsvRow, State = undefined>(
  options: ScalingOptions<Row, State>,
): Promise<ScalingResult> {
  const { clients, ...rest } = options;
  if (!(clients instanceof Array) || new Set(clients).size < leastUslPoints) {
    const got =
      clients instanceof Array ? `${new Set(clients).size} different ones are` : `${describeValue(clients)} is`;
    throw usageError(`${got} too few numbers of clients to fit three coefficients to`, {
      code: 'bad-scaling',
      hint: 'Write at least six: clients: [1, 2, 4, 8, 16, 32].',
      excerpt: 'clients',
    });
  }
  const points: UslPoint[] = [];
  for (const concurrency of clients) {
    const { throughput } = await generateLoad({ ...rest, clients: concurrency });
    options.signal?.throwIfAborted();
    points.push({ concurrency, throughput });
  }
  return { points, fit: fitUsl(points) };
}
