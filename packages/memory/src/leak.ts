import {
  ExitCode,
  PerfError,
  callSite,
  commonParts,
  declare,
  locating,
  metrics,
  nanos,
  parseDuration,
  parseObjective,
  withdraw,
  type Declaration,
  type Metric,
  type Nanos,
  type SourceLocation,
} from '@perfkeel/core';
import { withPortForInspector } from './inspector-port.ts';
import { leakMetricsFor } from './leak-measurements.ts';
import { isDeclaration } from './during-load.ts';
import {
  checkLeakOptions,
  lengthOf,
  lengthWord,
  targetOf,
  type LeakObjective,
  type LeakOptions,
  type WrittenLeak,
} from './leak-options.ts';
import { measureLeakRound } from './leak-round.ts';
import { loadShare, phasesShare } from './behind-verdict.ts';

/**
 * What `leak` promises when its objectives do not speak of growth: more than engines drift by, and less than any object
 * takes that code can keep in a container.
 */
export const defaultGrowthObjective: LeakObjective = 'growth < 16B/op';

const primary = metrics.growth.id;

/**
 * Declares that a cycle of work gives back all the memory that it takes.
 *
 * One round runs the cycle some ten thousand times in a fresh process, collects garbage 48 times in between, and decides
 * from what is still alive, on the heap and in buffers outside of it: `leak`, `stable` or `inconclusive`. Measures `growth` (bytes per iteration, with its
 * interval), `heap` and `rss` (bytes at the end), and shows the heap over time.
 *
 * Growth is always judged: without an objective of its own, `growth < 16B/op` is added. Growth that could not have been
 * seen does not pass: a limit finer than the resolution is inconclusive, with the duration that would decide it.
 *
 * With `target` and `request`, an iteration is an answer of a process that the runner starts, and its memory is judged;
 * with `during`, it is whatever some load of your own completes. `plannedFor` and `rate`, or `project`, say what the real
 * length would leave behind; `idle` tells growth over time from growth per iteration.
 *
 * @throws PerfError with exit code 2, at the caller's line, when an option makes no sense.
 * @example
 * leak('subscribe and unsubscribe', {
 *   cycle: () => bus.subscribe(() => undefined)(),
 *   objectives: ['growth < 64B/op', 'heap < 64MB'],
 * });
 * leak('gateway', { target: api, request: { path: '/orders' }, clients: 100, plannedFor: '8h', rate: '100/s' });
 */
export function leak<State = undefined>(name: string, options: LeakOptions<State>): Declaration {
  const location = callSite(leak);
  return locating(location, () => {
    checkLeakOptions(name, options);
    const written = options as WrittenLeak<State>;
    const { plannedFor, project, idle, during, phases, cleanUp } = written;
    const objectives = withGrowth(options.objectives ?? []);
    const parts = commonParts({ ...options, objectives }, { rounds: 1 });
    const target = targetOf(written);
    const place = target === undefined ? {} : { target: withPortForInspector(target) };
    const measured = leakMetricsFor({
      projects: plannedFor !== undefined || Object.keys(project ?? {}).length > 0,
      idles: idle !== undefined,
      cleansUp: cleanUp !== undefined,
      phases: phases ?? [],
    });
    const asked = { limit: growthLimit(parts.objectives, measured), word: lengthWord(written, location?.file) };
    const declared = declare({
      name,
      kind: 'leak',
      metrics: measured,
      primary,
      quantiles: false,
      location,
      ...parts,
      ...place,
      lasts: lastsOf(written),
      instrument: (context) =>
        measureLeakRound({ ...written, ...place }, asked, context, {
          name,
          objectives: parts.objectives,
          metrics: measured,
        }).catch((error: unknown) => throwAt(location, error)),
    });
    if (isDeclaration(during)) withdraw(during);
    return declared;
  });
}

/** What was declared wrongly and shows only as it runs is told at its place, as everything else that was. */
function throwAt(location: SourceLocation | undefined, error: unknown): never {
  const isTheirs = error instanceof PerfError && error.exitCode === ExitCode.Usage;
  return locating(isTheirs ? location : undefined, () => {
    throw error;
  });
}

/** Of all of it: neither `growth of switch` nor `growth-of-switch`. */
const speaksOfGrowth = (objective: unknown): boolean =>
  typeof objective === 'string' && /^\s*growth\s*[<>=!~≤≥]/u.test(objective);

const withGrowth = (objectives: readonly LeakObjective[]): readonly LeakObjective[] =>
  objectives.some(speaksOfGrowth) ? objectives : [defaultGrowthObjective, ...objectives];

/** What is measured behind the verdict comes on top. */
function lastsOf<State>({ idle = '0s', cleanUp, phases, ...extent }: WrittenLeak<State>): Nanos {
  const duration = parseDuration(lengthOf(extent) ?? '0s');
  const waited = cleanUp === undefined ? 0 : duration * loadShare + parseDuration(cleanUp);
  return nanos(duration + parseDuration(idle) + waited + (phases === undefined ? 0 : duration * phasesShare));
}

/** The strictest promise about growth, in bytes per iteration. */
function growthLimit(objectives: readonly string[], measured: readonly Metric[]): number {
  const parsed = objectives.map((source) => parseObjective(source, { metrics: measured }));
  return Math.min(...parsed.filter(({ metric }) => metric === primary).map(({ limit }) => limit));
}
