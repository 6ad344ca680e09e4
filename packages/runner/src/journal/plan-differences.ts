import { relative } from 'node:path';
import { usageError, type BenchmarkPlan, type Environment, type Provenance, type RunPlan } from '@perfkeel/core';
import type { UnfinishedRun } from './unfinished-runs.ts';

/** What a run would be if it began now. */
export interface Present {
  readonly root: string;
  readonly plan: RunPlan;
  readonly environment: Environment;
  readonly provenance: Provenance;
}

/** Rounds of other code, or from another machine, are not rounds of one run. @throws PerfError `run-differs`, exit 2. */
export function refuseDifferences({ head }: UnfinishedRun, now: Present): void {
  const differences = [
    ...machineDifferences(head.environment, now.environment),
    ...codeDifferences(head.provenance, now.provenance),
    ...planDifferences(head.plan, now.plan, now.root),
  ];
  if (differences.length === 0) return;
  throw usageError(
    `run ${head.id} cannot go on, because not everything is as it was:\n${differences.map((text) => `   - ${text}`).join('\n')}`,
    {
      code: 'run-differs',
      hint: `Put it back as it was; or close the run with what had been measured: perfkeel resume ${head.id} --partial`,
    },
  );
}

function machineDifferences(before: Environment, now: Environment): string[] {
  if (before.class === now.class) return [];
  const words = ({ cpu, cores, node }: Environment): string => `${cpu}, ${cores} cores, Node ${node}`;
  const [then, here] = [words(before), words(now)];
  return [
    then === here
      ? `the machine has other memory, another system or other flags for Node than the one that began the run`
      : `it was ${then}, and is ${here}`,
  ];
}

function codeDifferences(before: Provenance, now: Provenance): string[] {
  return [
    ...(before.tool === now.tool ? [] : [`it was ${before.tool}, and is ${now.tool}`]),
    ...(before.sha === now.sha ? [] : [`it was ${commit(before)}, and is ${commit(now)}`]),
  ];
}

const commit = ({ sha }: Provenance): string => (sha === undefined ? 'no commit' : `commit ${sha.slice(0, 12)}`);

function planDifferences(before: RunPlan, now: RunPlan, root: string): string[] {
  const known = new Map(before.benchmarks.map((plan) => [plan.id, plan]));
  const present = new Set(now.benchmarks.map(({ id }) => id));
  return [
    ...before.benchmarks.filter(({ id }) => !present.has(id)).map(({ id }) => `"${id}" is no longer there`),
    ...now.benchmarks.flatMap((plan) => {
      const earlier = known.get(plan.id);
      if (earlier === undefined) return [`"${plan.id}" is new`];
      const fields = changedFields(earlier, plan);
      if (fields.length === 0) return [];
      const place = plan.location === undefined ? '' : ` in ${relative(root, plan.location.file)}`;
      const what = fields.map((field) => words[field] ?? field).join(', ');
      return [`"${plan.id}"${place} has changed: ${what}`];
    }),
  ];
}

const words: Readonly<Record<string, string>> = { sourceHash: 'its code', comparedBy: 'what it is compared by' };

/** A comment moves a declaration and changes nothing. */
const changedFields = (before: BenchmarkPlan, now: BenchmarkPlan): string[] =>
  Object.keys({ ...before, ...now })
    .filter((key) => key !== 'location')
    .filter((key) => canonical(before[key as keyof BenchmarkPlan]) !== canonical(now[key as keyof BenchmarkPlan]));

/** The same text for the same data, whatever the order of its fields and whether `undefined` is written. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? ''
  );
}
