import { formatNumber, formatQuantity, type Environment, type Provenance, type Run } from '@perfkeel/core';
import { formatShare } from './words.ts';

/** The environment as pairs of a name and a text. */
export function environmentPairs(environment: Environment): readonly (readonly [string, string])[] {
  const { cpuPressure } = environment;
  const pressure = cpuPressure
    ? `${formatShare(cpuPressure[0])} before, ${formatShare(cpuPressure[1])} after`
    : undefined;
  const found = fitnessPairs(environment);
  // Where it was worth a finding, that has the figure of the begin.
  const isFound = found.some(([name]) => name === 'load average');
  return [
    ['processor', processorOf(environment.cpu, environment.cores)],
    ['memory', environment.memory === 0 ? 'unknown' : formatQuantity(environment.memory, 'B')],
    ['system', `${environment.os} ${environment.arch}`],
    ['node', `${environment.node} (V8 ${environment.v8})`],
    ['host', `${environment.host}${environment.ci ? ' (CI)' : ''}`],
    ...(pressure === undefined ? [] : [['waiting for a processor', pressure] as const]),
    ...(isFound ? [] : [['load average', formatNumber(environment.loadAverage)] as const]),
    ...found,
    ['class', environment.class],
  ];
}

/** No core, and no memory: an imported run whose file does not say. */
const processorOf = (cpu: string, cores: number): string => (cores === 0 ? cpu : `${cpu}, ${cores} cores`);

/** Whether the machine was fit, and what was found that is not as it should be. */
function fitnessPairs({ fitness }: Environment): readonly (readonly [string, string])[] {
  if (!fitness) return [];
  const smallest =
    fitness.smallestChange === undefined
      ? ''
      : `; the smallest change it can show is ${formatShare(fitness.smallestChange)}`;
  return [
    ['fit to measure', `${fitness.fit ? 'yes' : 'no'}${smallest}`],
    ...fitness.findings
      .filter(({ status }) => status !== 'ok')
      .map(
        ({ title, value, status }) => [title.toLowerCase(), status === 'unfit' ? `${value} (unfit)` : value] as const,
      ),
  ];
}

/** The share of time waiting for a processor from which it is worth a word. */
const notableWaiting = 0.1;

/** The environment in short phrases, for one line. */
export function environmentPhrases(environment: Environment): readonly string[] {
  const { cores, memory, os, arch, node, cpuPressure, loadAverage, fitness } = environment;
  const cpu = environment.cpu.replaceAll(/\((?:R|TM)\)| CPU\b.*| @.*/g, '').trim();
  const waiting = Math.max(0, ...(cpuPressure ?? []));
  return [
    [
      cpu === 'unknown' ? 'unknown processor' : processorOf(cpu, cores),
      ...(memory === 0 ? [] : [formatQuantity(memory, 'B')]),
    ].join(', '),
    `${os} ${arch}`,
    `node ${node.replace(/^v/, '')}`,
    `load ${formatNumber(loadAverage)}`,
    ...(fitness?.smallestChange === undefined ? [] : [`sees changes from ${formatShare(fitness.smallestChange)}`]),
    ...(waiting >= notableWaiting ? [`${formatShare(waiting)} waiting for a processor`] : []),
  ];
}

/** Which code was measured: `main a1b2c3d, uncommitted changes`; empty when nobody knows. */
export function revisionOf({ branch, sha, dirty }: Provenance): string {
  const place = [branch, sha?.slice(0, 7)].filter((part) => part !== undefined).join(' ');
  return dirty ? [place, 'with uncommitted changes'].filter(Boolean).join(' ') : place;
}

/** Where a run comes from, as pairs of a name and a text. */
export function provenancePairs({ id, startedAt, plan, provenance }: Run): readonly (readonly [string, string])[] {
  const { project, tool, sha, branch, dirty } = provenance;
  return [
    ['project', project],
    ['run', id],
    ['started', startedAt],
    ...(branch === undefined ? [] : [['branch', branch] as const]),
    ...(sha === undefined ? [] : [['commit', `${sha}${dirty ? ' with uncommitted changes' : ''}`] as const]),
    ['measured with', tool],
    ['seed', String(plan.seed)],
  ];
}
