import { usageError, type PerfError } from './errors.ts';
import { metrics, type Metric } from './metric.ts';
import { parseObjective } from './objective.ts';
import type { PercentText, SizeText } from './quantity.ts';
import type { TargetSpec } from './target.ts';
import { describeValue } from './wording.ts';

/** What a benchmark of any kind can promise about memory: `memory: ['heap < 64MB']`. */
export type MemoryObjective =
  | `${'heap' | 'max-rss'} ${'<' | '<='} ${SizeText}`
  | `allocated ${'<' | '<='} ${SizeText}/op`
  | `gc-time ${'<' | '<='} ${PercentText}`;

/** Of the process that measures. `heap` is read after the last time was taken, and nothing is collected before that. */
const ownMemory: readonly Metric[] = [metrics.heap, metrics.maxRss, metrics.allocated, metrics.collectionTime];
/** Of a started target, whose heap is its own affair. */
const targetMemory: readonly Metric[] = [metrics.maxRss];

/** The parts of a declaration that memory has to do with. */
interface Remembering {
  readonly name: string;
  readonly kind: string;
  readonly metrics: readonly Metric[];
  readonly objectives: readonly string[];
  readonly target?: TargetSpec | undefined;
  readonly memory?: boolean | readonly string[] | undefined;
}

/**
 * The declaration with the metrics and the promises that its `memory` asks for: itself, when it asks for none. What it
 * measures already, it goes on measuring itself.
 *
 * @throws PerfError `bad-declaration`, exit code 2, when `memory` is neither true nor a list of promises about memory, or
 * when there is no process of which it could be told.
 */
export function withMemory<D extends Remembering>(declaration: D): D {
  const { memory, metrics: own, objectives, target } = declaration;
  if (memory === undefined || memory === false) return declaration;
  const promised: unknown = memory === true ? [] : memory;
  if (!isListOfText(promised)) throw notMemory(declaration);
  if (target?.kind === 'url') throw noProcess(declaration);
  if (own.some(({ id }) => id === metrics.maxRss.id)) throw tellsAlready(declaration);
  const known = target === undefined ? ownMemory : targetMemory;
  for (const objective of promised) parseObjective(objective, { metrics: known });
  const added = known.filter(({ id }) => !own.some((metric) => metric.id === id));
  return { ...declaration, metrics: [...own, ...added], objectives: [...objectives, ...promised] };
}

const isListOfText = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

type Named = Pick<Remembering, 'kind' | 'name' | 'memory'>;

const refuse = (message: string, hint: string): PerfError =>
  usageError(message, { code: 'bad-declaration', hint, excerpt: 'memory' });

const titleOf = ({ kind, name }: Named): string => `${kind}(${JSON.stringify(name)})`;

const notMemory = (declaration: Named): PerfError =>
  refuse(
    `the memory of ${titleOf(declaration)} is ${describeValue(declaration.memory)}`,
    "Write memory: true, or what is promised: memory: ['heap < 64MB', 'max-rss < 256MB'].",
  );

const noProcess = (declaration: Named): PerfError =>
  refuse(
    `the target of ${titleOf(declaration)} is a url, and its process is not known`,
    "Let perfkeel start it: target({ command: ['node', 'server.js'] }). Or leave out memory.",
  );

const tellsAlready = (declaration: Named): PerfError =>
  refuse(
    `${titleOf(declaration)} measures the memory of what it starts already`,
    "Leave out memory; a promise goes into its objectives: ['max-rss < 256MB'].",
  );
