import type { BenchmarkPlan, Metric } from '@perfkeel/core';

/**
 * What makes numbers of several runs one series: another workload, configuration or class of machine starts another,
 * instead of a step that no code made.
 */
export interface SeriesKey {
  readonly project: string;
  readonly benchmark: string;
  readonly metric: string;
  /** What of each round: `p99`, `share`, `value`. */
  readonly statistic: string;
  /** The parameters of the variant as JSON, `{}` for none; with the data that was worked on, where it has a name. */
  readonly configuration: string;
  /** The class of the environment. */
  readonly environment: string;
  /** How it is measured: its kind, its unit, and which way is better. */
  readonly shape: string;
  /**
   * What the benchmark does: `=` and the version that its author gave it, else the beginning of its hash, else nothing,
   * when an older perfkeel or another tool measured it.
   */
  readonly version: string;
}

const fields = [
  ...['project', 'benchmark', 'metric', 'statistic', 'configuration', 'environment', 'shape', 'version'],
] as readonly (keyof SeriesKey)[];

/** The one text of a key. */
export const writeKey = (key: SeriesKey): string => JSON.stringify(fields.map((field) => key[field]));

/** @throws SyntaxError for what `writeKey` did not make */
export function readKey(text: string): SeriesKey {
  const values = JSON.parse(text) as unknown;
  if (!Array.isArray(values) || values.length !== fields.length || values.some((each) => typeof each !== 'string')) {
    throw new SyntaxError('not a key of a series');
  }
  return Object.fromEntries(fields.map((field, i) => [field, values[i] as string])) as unknown as SeriesKey;
}

/** The parameters of a variant, in the order of their names. */
export function configurationOf({ variant }: BenchmarkPlan, inputs: readonly string[] = []): string {
  const parameters = Object.entries(variant?.parameters ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const named = inputs.length === 0 ? [] : [['@input', [...inputs].sort()]];
  return JSON.stringify(Object.fromEntries([...parameters, ...named]));
}

export const shapeOf = ({ kind }: BenchmarkPlan, { unit, better }: Metric): string => `${kind} ${unit} ${better}`;

/** The hash of the bundle is not in it: it changes with the code under test, and would make every commit a series. */
export const versionOf = ({ version, benchmarkHash }: BenchmarkPlan): string =>
  version === undefined ? (benchmarkHash ?? '').slice(0, 12) : `=${version}`;
