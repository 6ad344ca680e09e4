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
    ...known('memory', environment.memory === 0 ? unknown : formatQuantity(environment.memory, 'B')),
    ...known('system', systemOf(environment)),
    ...known('node', environment.node, environment.v8 === unknown ? '' : ` (V8 ${environment.v8})`),
    ...known('host', environment.host, environment.ci ? ' (CI)' : ''),
    ...(pressure === undefined ? [] : [['waiting for a processor', pressure] as const]),
    ...(isFound || isUnknown(environment) ? [] : [['load average', formatNumber(environment.loadAverage)] as const]),
    ...found,
    ['class', environment.class],
  ];
}

const unknown = 'unknown';

/** A pair, unless nobody knows its text. */
const known = (name: string, text: string, more = ''): readonly (readonly [string, string])[] =>
  text === unknown ? [] : [[name, text + more]];

const systemOf = ({ os, arch }: Environment): string =>
  [os, arch].filter((word) => word !== unknown).join(' ') || unknown;

/** Whether another tool measured it, whose file says nothing of the load. */
const isUnknown = (environment: Environment): boolean => isImported(environment) && environment.loadAverage === 0;

const isImported = (environment: Environment): boolean => environment.class.startsWith('imported-');

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
  const { cores, memory, node, cpuPressure, loadAverage, fitness } = environment;
  const cpu = environment.cpu.replaceAll(/\((?:R|TM)\)| CPU\b.*| @.*/g, '').trim();
  const waiting = Math.max(0, ...(cpuPressure ?? []));
  const system = systemOf(environment);
  return [
    [
      cpu === unknown ? 'unknown processor' : processorOf(cpu, cores),
      ...(memory === 0 ? [] : [formatQuantity(memory, 'B')]),
    ].join(', '),
    ...(system === unknown ? [] : [system]),
    ...(node === unknown ? [] : [`node ${node.replace(/^v/, '')}`]),
    ...(isUnknown(environment) ? [] : [`load ${formatNumber(loadAverage)}`]),
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
export function provenancePairs({
  id,
  startedAt,
  plan,
  provenance,
  environment,
}: Run): readonly (readonly [string, string])[] {
  const { project, tool, sha, branch, dirty } = provenance;
  return [
    ['project', project],
    ['run', id],
    ['started', startedAt],
    ...(branch === undefined ? [] : [['branch', branch] as const]),
    ...(sha === undefined ? [] : [['commit', `${sha}${dirty ? ' with uncommitted changes' : ''}`] as const]),
    ['measured with', tool],
    // What other tools measured has none.
    ...(isImported(environment) ? [] : [['seed', String(plan.seed)] as const]),
  ];
}
