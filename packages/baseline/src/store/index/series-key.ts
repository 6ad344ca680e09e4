import { createHash } from 'node:crypto';
import type { BenchmarkPlan, Metric } from '@perfkeel/core';

/**
 * What makes numbers of several runs one series: another workload, configuration or class of machine starts another,
 * instead of a step that no code made.
 */
export interface StoredSeriesKey {
  readonly project: string;
  readonly benchmark: string;
  readonly metric: string;
  /** What of each round: `p99`, `share`, `value`. */
  readonly statistic: string;
  /** The parameters of the variant as JSON, `{}` for none. */
  readonly configuration: string;
  /** The class of the environment. */
  readonly environment: string;
  /** Hash of what the benchmark declares: its kind, its unit, how it is measured. */
  readonly version: string;
}

const fields = ['project', 'benchmark', 'metric', 'statistic', 'configuration', 'environment', 'version'] as const;

/** The one text of a key. */
export const writeKey = (key: StoredSeriesKey): string => JSON.stringify(fields.map((field) => key[field]));

/** @throws SyntaxError for what `writeKey` did not make */
export function readKey(text: string): StoredSeriesKey {
  const values = JSON.parse(text) as unknown;
  if (!Array.isArray(values) || values.length !== fields.length || values.some((each) => typeof each !== 'string')) {
    throw new SyntaxError('not a key of a series');
  }
  return Object.fromEntries(fields.map((field, i) => [field, values[i] as string])) as unknown as StoredSeriesKey;
}

/** The parameters of a variant, in the order of their names. */
export const configurationOf = ({ variant }: BenchmarkPlan): string =>
  JSON.stringify(Object.fromEntries(Object.entries(variant?.parameters ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))));

/**
 * The hash of the bundle is not in it: it changes with the code under test, and would make every commit a series of its
 * own.
 */
export const versionOf = (plan: BenchmarkPlan, { unit, better }: Metric): string =>
  createHash('sha256')
    .update(JSON.stringify([plan.kind, plan.variant?.family ?? '', unit, better]))
    .digest('hex')
    .slice(0, 12);
