import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { importRuns, type ImportOptions, type ImportedRuns } from '@perfkeel/baseline';
import type { MeasurementData, Run } from '@perfkeel/core';

const folder = fileURLToPath(new URL('fixtures/', import.meta.url));

export const fixtureNames: readonly string[] = readdirSync(folder).sort();

export const fixture = (name: string): string => readFileSync(`${folder}${name}`, 'utf8');

/** Sunday, 9 September 2001, 01:46:40 UTC. */
export const aTime = 1e12;

export const importFixture = (name: string, options: Partial<ImportOptions> = {}, format = 'auto'): ImportedRuns =>
  importRuns(format, fixture(name), { file: name, at: aTime, ...options });

/** `0.5`, `1 of 3`, `[1, 2]`, `3 [2, 4]`. */
function textOf(data: MeasurementData): string {
  switch (data.kind) {
    case 'exact':
      return `${data.value}`;
    case 'count':
      return `${data.events} of ${data.trials}`;
    case 'sample':
      return `[${data.values.join(', ')}]`;
    case 'estimate':
      return `${data.estimate.value} [${data.estimate.lo}, ${data.estimate.hi}]`;
    default:
      return data.kind;
  }
}

/** Everything that a run measured, a line for each metric, rounds side by side. */
export function listed(run: Run): string[] {
  return run.plan.benchmarks.flatMap((plan) =>
    plan.metrics.map(({ id, unit, better }) => {
      const rounds = run.measurements.filter(({ benchmark, metric }) => benchmark === plan.id && metric === id);
      return `${plan.id} | ${id} ${unit} ${better} | ${rounds.map(({ data }) => textOf(data)).join(' | ')}`;
    }),
  );
}
