import {
  callSite,
  commonParts,
  declare,
  describeTarget,
  describeValue,
  locating,
  metrics,
  nanosFromMs,
  parseObjective,
  refuseUnknownOptions,
  PerfError,
  usageError,
  membersOf,
  type Declaration,
  type Instrument,
  type RoundContext,
  type TargetSpec,
  type Over,
} from '@perfkeel/core';
import { watchObjectives, type Hopeless } from './beyond-rescue.ts';
import { expectWitness, observed } from './evidence/evidence-options.ts';
import { runPlan, type LoadOnlookers } from './generate-load.ts';
import { memberOptions, type LoadFamilyOptions } from './load-family.ts';
import { metricsOf } from './load-metrics.ts';
import { planObjectives } from './load-objectives.ts';
import type { LoadOptions } from './load-options.ts';
import { planLoad, shortened, type LoadPlan } from './load-plan.ts';
import { totalDuration } from './profile/phase.ts';
import { checkWindows, planWindows } from './planned-window.ts';
import { roundMeasurements } from './round-measurements.ts';
import type { CsvRow } from './work/read-csv.ts';

// With four rounds a side the exact test of one of two metrics never comes below 5 %, whatever has changed.
const defaults = { rounds: 5 };
const ownOptions = [
  ...['target', 'url', 'over', 'requests', 'request', 'steps', 'run', 'setup', 'teardown', 'data', 'timeout'],
  ...['driver', 'workers', 'idempotent', 'retries', 'stopEarly', 'evidence'],
  ...['rate', 'arrivals', 'clients', 'think', 'stages', 'for', 'warmup'],
];

/**
 * Declares load on a target: at a `rate` (open model) or from a number of `clients` (closed model).
 *
 * Objectives that leave errors out get `defaultErrorObjective` beside them (`fewRequestsErrorObjective` below 59 requests
 * a round), so that a broken target cannot keep promises about time. Not with `expected: 'fail'`.
 *
 * @throws PerfError with exit code 2 and the user's own line, when something is wrong.
 * @example
 * load('checkout', { target: api, requests: { path: '/orders', body: order, expect: 201 }, rate: '100/s', for: '10s',
 *   objectives: ['p99 < 200ms', 'errors = 0'] });
 */
export function load<Row = CsvRow, State = undefined>(name: string, options: LoadOptions<Row, State>): Declaration;
/**
 * Declares one load for each value of its parameters, or for each combination: `upload [size=1000]`, `upload [size=64000]`
 * and so on, which form the family `upload`. What is known in advance may be a function of the parameters; `run`, `request`
 * and `setup` are given them.
 *
 * @example
 * load('upload', { over: { size: [1_000, 64_000] }, target: api, clients: 4, for: '5s',
 *   requests: ({ size }) => ({ path: '/upload', body: 'x'.repeat(size) }) });
 */
export function load<const O extends Over, Row = CsvRow, State = undefined>(
  name: string,
  options: LoadFamilyOptions<O, Row, State>,
): readonly Declaration[];
export function load<Row, State>(
  name: string,
  options: LoadOptions<Row, State> | LoadFamilyOptions<Over, Row, State>,
): Declaration | readonly Declaration[] {
  const location = callSite(load);
  const members = locating(location, () => planMembers(name, options));
  const declared = members.map((member) => declare({ ...member, location }));
  return options.over === undefined ? declared[0]! : declared;
}

type AnyOptions<Row, State> = LoadOptions<Row, State> | LoadFamilyOptions<Over, Row, State>;

/** All of a family, before the first one is declared: all or none. */
function planMembers<Row, State>(name: string, options: AnyOptions<Row, State>): readonly Declaration[] {
  if (typeof options !== 'object' || options === null) {
    throw usageError('load needs options', {
      code: 'bad-load',
      hint: "Write load('orders', { url: 'http://127.0.0.1:3000', requests: { path: '/' }, rate: '100/s', for: '10s' }).",
    });
  }
  refuseUnknownOptions('load', name, options, ownOptions);
  if (options.over === undefined) return [declarationOf({ name }, options)];
  // What is wrong with a name that is none, the declaration says.
  return membersOf(name, options.over).map((member) =>
    declarationOf(member, memberOptions<Row, State>(options, member.variant.parameters)),
  );
}

function declarationOf<Row, State>(
  member: Pick<Declaration, 'name' | 'variant'>,
  options: LoadOptions<Row, State>,
): Declaration {
  const { plan, target, objectives, hopeless } = understand(options);
  return {
    kind: 'load',
    ...commonParts(options, defaults),
    ...member,
    objectives,
    metrics: metricsOf(plan),
    primary: metrics.responseTime.id,
    quantiles: true,
    lasts: totalDuration(plan.profile.phases),
    target,
    instrument: instrumentFor(plan, hopeless),
  };
}

interface Understood {
  readonly plan: LoadPlan;
  readonly target: TargetSpec | undefined;
  readonly objectives: readonly string[];
  readonly hopeless: Hopeless | undefined;
}

function understand<Row, State>(options: LoadOptions<Row, State>): Understood {
  const target = placeOf(options);
  const windows = planWindows(options.objectives);
  const plan = { ...planLoad(options), windows };
  checkWindows(plan);
  expectWitness(plan.evidence, target);
  const objectives = planObjectives(commonParts(options, defaults), plan);
  return {
    plan,
    target: observed(target, plan.evidence),
    objectives,
    hopeless: planEarlyStop(options, plan, objectives),
  };
}

function placeOf<Row, State>({ target, url, run }: LoadOptions<Row, State>): TargetSpec | undefined {
  if (target !== undefined && url !== undefined) {
    throw usageError('load has both a target and a url', { code: 'bad-load', hint: 'Keep one.', excerpt: 'url' });
  }
  if (target !== undefined) return target;
  if (url !== undefined) return describeTarget({ url });
  if (run !== undefined) return undefined;
  throw usageError('load has neither a target nor a url', {
    code: 'bad-load',
    hint: "Write target: target({ command: ['node', 'server.js'] }), or url: 'http://127.0.0.1:3000'.",
  });
}

function planEarlyStop<Row, State>(
  { stopEarly = false }: LoadOptions<Row, State>,
  plan: LoadPlan,
  objectives: readonly string[],
): Hopeless | undefined {
  if (typeof stopEarly !== 'boolean') {
    throw usageError(`stopEarly is ${describeValue(stopEarly)}`, {
      code: 'bad-load',
      hint: 'Write stopEarly: true.',
      excerpt: 'stopEarly',
    });
  }
  // What else may be wrong with a list of objectives is found by core.
  if (!stopEarly || !(objectives instanceof Array)) return undefined;
  const scope = { metrics: metricsOf(plan), primary: metrics.responseTime.id };
  return watchObjectives(
    objectives.map((source) => parseObjective(source, scope)),
    plan,
  );
}

function instrumentFor(plan: LoadPlan, hopeless: Hopeless | undefined): Instrument {
  return async (context) => {
    const { target, short, seed, clock, signal } = context;
    if (target === undefined && plan.work.kind !== 'function') {
      throw new PerfError('load was measured without a target', {
        code: 'no-target',
        hint: 'Give the round context the target that the declaration names.',
      });
    }
    const actual = short ? shortened(plan) : plan;
    const onProgress = (text: string): void => context.progress(text);
    const place = target === undefined ? {} : { url: target.url, vitals: target.vitals };
    const counting = context.counting?.bind(context);
    const onlookers = short ? { counting } : { hopeless, counting, checkpoint: checkpointFor(plan, context) };
    const result = await runPlan(actual, { ...place, seed, clock, signal, onProgress }, onlookers);
    signal.throwIfAborted();
    return roundMeasurements(result, actual);
  };
}

/** Short enough to lose little of hours, long enough to cost nothing. Tests have less time. */
const checkpointEvery = nanosFromMs(Number(process.env['PERFKEEL_CHECKPOINT_MS'] ?? 60_000));

/** Keeps what a long round has measured so far, where somebody keeps it. */
const checkpointFor = (plan: LoadPlan, context: RoundContext): LoadOnlookers['checkpoint'] =>
  context.checkpoint && {
    every: checkpointEvery,
    keep: (soFar) => context.checkpoint?.(roundMeasurements(soFar, plan)),
  };
