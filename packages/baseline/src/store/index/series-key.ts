import type { BenchmarkPlan, Metric, SeriesKey } from '@perfkeel/core';

export type { SeriesKey };

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
