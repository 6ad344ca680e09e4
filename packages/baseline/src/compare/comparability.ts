import { formatQuantity, type BenchmarkPlan, type Environment, type Run, type Warning } from '@perfkeel/core';

/** Why two runs, or one benchmark of them, may not be held against each other. */
export interface Reservation {
  readonly code: string;
  readonly message: string;
  readonly needs: string;
}

/** Whether another tool measured it, of whose machine its file says little or nothing. */
export const isImported = ({ environment }: Run): boolean => environment.class.startsWith('imported-');

const toolOf = (run: Run): string => run.provenance.tool.split(' ')[0] ?? '';

/** What decides speed, as people read it: hosts of one kind differ by some megabytes. Imported files say part of it. */
const factsOf = ({ cpu, cores, memory, os, arch, node, v8 }: Environment): string[] => [
  cpu,
  cores === 0 ? 'unknown cores' : `${cores} cores`,
  memory === 0 ? 'unknown memory' : formatQuantity(memory, 'B'),
  os,
  arch,
  `Node ${node}`,
  `V8 ${v8}`,
];

function differences(base: Run, head: Run): string {
  const imported = isImported(base) || isImported(head);
  const tools = [toolOf(base), toolOf(head)];
  const others = factsOf(head.environment);
  const facts = factsOf(base.environment).flatMap((fact, i) =>
    fact === others[i] ? [] : [`${fact} and ${others[i]}`],
  );
  const parts = [...(imported && tools[0] !== tools[1] ? [`measured by ${tools.join(' and by ')}`] : []), ...facts];
  if (parts.length > 0) return parts.join(', ');
  const { environment } = base;
  if (imported) return `machines ${environment.host} and ${head.environment.host}`;
  // What else decides the class of an environment.
  return `class ${environment.class} and ${head.environment.class}, by the flags of Node (NODE_OPTIONS, or those of another version of perfkeel)`;
}

/** Numbers of one machine say nothing about the code on another, in either direction. */
export function otherEnvironment(base: Run, head: Run): Reservation | undefined {
  if (base.environment.class === head.environment.class) return undefined;
  return {
    code: 'other-environment',
    message: `the runs were measured in different environments: ${differences(base, head)}`,
    needs: 'both runs measured on one machine',
  };
}

/** A rehearsal does as little work as possible: its numbers mean nothing. */
export function shortRun(base: Run, head: Run): Reservation | undefined {
  const sides = [base.plan.short ? 'base' : '', head.plan.short ? 'head' : ''].filter((side) => side !== '');
  if (sides.length === 0) return undefined;
  return {
    code: 'short-run',
    message: `${sides.join(' and ')} ${sides.length > 1 ? 'are short runs' : 'is a short run'}: a rehearsal, not a measurement`,
    needs: 'full runs of both sides',
  };
}

/** Other data is other work, whatever the code does. */
export function otherInput(base: Run, head: Run, benchmark: string): Reservation | undefined {
  const inputs = ({ measurements }: Run): string[] => [
    ...new Set(measurements.flatMap((one) => (one.benchmark === benchmark && one.input ? [one.input] : []))),
  ];
  const [from, to] = [inputs(base), inputs(head)];
  if (from.length === to.length && from.every((input) => to.includes(input))) return undefined;
  const said = (names: readonly string[]): string => (names.length === 0 ? 'nothing named' : names.join(' and '));
  return {
    code: 'other-input',
    message: `the sides worked on other data: ${said(from)} and ${said(to)}`,
    needs: 'both runs measured on the same data',
  };
}

/** Other work under the same name: what its author calls another version, or what the perf file says otherwise. */
export function otherBenchmark(base: Run, head: Run, benchmark: string): Reservation | undefined {
  const [from, to] = [base, head].map(({ plan }) => plan.benchmarks.find(({ id }) => id === benchmark));
  if (!from || !to || !isOtherWork(from, to)) return undefined;
  const versions = from.version !== undefined || to.version !== undefined;
  const what = versions ? `: version ${from.version ?? 'unnamed'} became ${to.version ?? 'unnamed'}` : '';
  return {
    code: 'benchmark-changed',
    message: `the benchmark itself changed, and not only the code that it measures${what}`,
    needs: 'the benchmark of now on both sides, since it changed itself: perfkeel compare --against <ref>',
  };
}

/** Whether a benchmark is known to do something else. Runs of older versions and of other tools do not say. */
function isOtherWork(from: BenchmarkPlan, to: BenchmarkPlan): boolean {
  if (from.version !== undefined || to.version !== undefined) return from.version !== to.version;
  const [before, after] = [from.benchmarkHash, to.benchmarkHash];
  return before !== undefined && after !== undefined && before !== after;
}

const saysItsWork = ({ version, benchmarkHash }: BenchmarkPlan): boolean => (version ?? benchmarkHash) !== undefined;

/** Numbers that are not those of what was meant to be measured, on either side. */
export function notValid(base: Run, head: Run, benchmark: string): Reservation | undefined {
  const spoilt = [...base.measurements, ...head.measurements].find(
    (one) => one.benchmark === benchmark && one.warnings.some(({ forbids }) => forbids === 'verdict'),
  );
  const warning = spoilt?.warnings.find(({ forbids }) => forbids === 'verdict');
  return warning && { code: 'not-valid', message: warning.message, needs: 'runs without this disturbance' };
}

/** What may have made numbers worse than the code is: a machine that was unfit, a round that was disturbed. */
export function disturbance(base: Run, head: Run, benchmark: string): Warning | undefined {
  const all = [base, head].flatMap(({ environment, measurements }) => [
    ...environment.warnings,
    ...measurements.filter((one) => one.benchmark === benchmark).flatMap(({ warnings }) => warnings),
  ]);
  return all.find(({ forbids }) => forbids === 'fail');
}

export function interruptions(base: Run, head: Run): Warning[] {
  return [
    { side: 'base', run: base },
    { side: 'head', run: head },
  ]
    .filter(({ run }) => run.interrupted)
    .map(({ side, run }) => ({
      code: 'interrupted-run',
      message: `${side} (${run.id}) was interrupted and has fewer rounds`,
    }));
}

/** Why head holds nothing of a benchmark of base: it is gone, or was not measured this time. */
function absence(id: string, { plan: { inventory } }: Run): Warning {
  if (inventory?.benchmarks.includes(id)) {
    return { code: 'not-run', message: `${id} is only in base: it still exists, and was not measured in head` };
  }
  if (inventory?.unread.length === 0) return { code: 'removed', message: `${id} is only in base: it was removed` };
  return { code: 'removed', message: `${id} is only in base: head did not plan it` };
}

/** A benchmark that both runs planned. */
export interface PlanPair {
  readonly base: BenchmarkPlan;
  readonly head: BenchmarkPlan;
}

export const plansInBoth = (base: Run, head: Run): PlanPair[] =>
  head.plan.benchmarks.flatMap((plan) => {
    const other = base.plan.benchmarks.find(({ id }) => id === plan.id);
    return other ? [{ base: other, head: plan }] : [];
  });

/** What was added, removed or rewritten between the runs. */
export function planWarnings(base: Run, head: Run): Warning[] {
  const missingIn = (run: Run) => (plan: BenchmarkPlan) => !run.plan.benchmarks.some(({ id }) => id === plan.id);
  const added = head.plan.benchmarks.filter(missingIn(base));
  const removed = base.plan.benchmarks.filter(missingIn(head));
  // Whoever knows the benchmark's own source can tell it from the code that it measures.
  const rewritten = plansInBoth(base, head).filter(
    (pair) => pair.base.sourceHash !== pair.head.sourceHash && !(saysItsWork(pair.base) && saysItsWork(pair.head)),
  );
  const changed = plansInBoth(base, head).filter((pair) => isOtherWork(pair.base, pair.head));
  return [
    ...changed.map(({ head: { id } }) => ({
      code: 'benchmark-changed',
      message: `${id}: the benchmark itself changed, so that its numbers say nothing about the code`,
    })),
    ...added.map(({ id }) => ({
      code: 'added',
      message: `${id} is only in head: there is nothing to compare it with`,
    })),
    ...removed.map(({ id }) => absence(id, head)),
    ...rewritten.map(({ head: { id } }) => ({
      code: 'source-changed',
      message: `the code of ${id} or of what it bundles differs: a change may come from the benchmark itself`,
    })),
  ];
}
