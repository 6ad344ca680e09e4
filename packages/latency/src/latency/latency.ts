import {
  callSite,
  commonParts,
  declare,
  locating,
  metrics,
  parseObjective,
  refuseUnknownOptions,
  withErrorObjective,
  optionsObject,
  type CommonOptions,
  type Declaration,
  type Instrument,
  type Over,
  type ParametersOf,
  type RoundMeasurement,
} from '@perfkeel/core';
import { checkLatencySubject } from './check-subject.ts';
import { componentMeasurements, componentMetrics } from './component-metrics.ts';
import { samplesFor } from './default-samples.ts';
import type { HttpComponent } from './http-options.ts';
import { latencyCourse } from './latency-course.ts';
import { latencyMembers, type LatencyMember, type Width } from './latency-family.ts';
import type { LatencyObjective } from './latency-objective.ts';
import type { LatencyResult } from './latency-result.ts';
import type { CommonWork, FunctionWork, LatencySubject, RequestWork } from './latency-subject.ts';
import { componentsOf, noTarget } from './latency-work.ts';
import { measureSubject } from './measure-latency.ts';

/** One declaration for each combination of parameters. */
export interface FamilyOptions<Parameters extends Over> {
  /** `{ size: [1, 10] }` makes two declarations, whose calls get `parameters.size`. */
  readonly over?: Parameters;
}

/** Everything that `latency(name, options)` takes. */
export type LatencyOptions<
  State = undefined,
  Component extends string = never,
  Parameters extends Over = Record<never, never>,
  Concurrency extends Width = number,
> = CommonWork<State, ParametersOf<Parameters>, Concurrency> &
  FamilyOptions<Parameters> &
  (
    | (FunctionWork<State, Component, ParametersOf<Parameters>> & CommonOptions<LatencyObjective<NoInfer<Component>>>)
    | (RequestWork<ParametersOf<Parameters>> & CommonOptions<LatencyObjective<HttpComponent>>)
  );

/** What `latency` returns: a list where it makes a family. */
export type Declared<Parameters, Concurrency> = [keyof Parameters] extends [never]
  ? Concurrency extends readonly unknown[]
    ? readonly Declaration[]
    : Declaration
  : readonly Declaration[];

const ownOptions = [
  ...['run', 'components', 'request', 'connection', 'timeout', 'tls'],
  ...['setup', 'teardown', 'samples', 'warmup', 'concurrency', 'over', 'target'],
];

/**
 * Declares a latency benchmark: an operation, usually asynchronous, timed call by call; or a request over HTTP/1.1.
 *
 * Objectives that leave errors out get `defaultErrorObjective` beside them (`fewCallsErrorObjective` below 59 samples):
 * times are those of calls that succeeded. Not with `expected: 'fail'`. Without `samples`, a round has as many calls as
 * the strictest objective takes to be decided.
 *
 * @throws PerfError with exit code 2 and the user's own line, when something is wrong.
 * @example
 * latency('read one key', { setup: openStore, run: ({ setup: store }) => store.get('a'), objectives: ['p99 < 20ms'] });
 * @example
 * latency('get an order', { target: api, request: { path: '/orders/1' }, objectives: ['p99 of first-byte < 20ms'] });
 */
export function latency<
  State = undefined,
  Component extends string = never,
  Parameters extends Over = Record<never, never>,
  Concurrency extends Width = number,
>(name: string, options: LatencyOptions<State, Component, Parameters, Concurrency>): Declared<Parameters, Concurrency> {
  const location = callSite(latency);
  // From here on nothing is known of the types: whoever writes plain JavaScript has none.
  const unchecked = options as unknown as Unchecked;
  const plans = locating(location, () => planLatency(name, unchecked));
  const made = plans.map((plan) => declare({ ...plan, location }));
  return (isFamily(unchecked) ? made : made[0]!) as Declared<Parameters, Concurrency>;
}

type Unchecked = Omit<LatencySubject<unknown, string, object, Width>, 'concurrency'> &
  CommonOptions & { readonly over?: Over; readonly concurrency?: Width };

const isFamily = ({ over, concurrency }: Unchecked): boolean => over !== undefined || Array.isArray(concurrency);

function planLatency(name: string, options: Unchecked): readonly Declaration[] {
  optionsObject('latency', options);
  refuseUnknownOptions('latency', name, options, ownOptions);
  return latencyMembers(name, options).map((member) => planMember(member, options));
}

function planMember({ name, variant, concurrency, parameters }: LatencyMember, options: Unchecked): Declaration {
  const subject = { ...options, concurrency } as LatencySubject<unknown, string>;
  checkLatencySubject(subject, parameters);
  if (subject.request !== undefined && subject.target === undefined) throw noTarget();
  const measured = [
    ...[metrics.responseTime, metrics.throughput, metrics.errors],
    ...componentMetrics(componentsOf(subject)),
    metrics.responseTimes,
  ];
  const common = commonParts(options, { rounds: 5 });
  const { samples, objectives } = promised({ ...common, metrics: measured }, subject);
  return {
    ...common,
    name,
    kind: 'latency',
    metrics: measured,
    primary: metrics.responseTime.id,
    quantiles: true,
    objectives,
    variant,
    target: subject.target,
    instrument: async (context) =>
      latencyMeasurements(await measureSubject({ ...subject, samples }, context, parameters)),
  };
}

/** What is promised, and how many calls of a round it takes. What may be wrong with the list itself is found by core. */
function promised(
  common: Pick<Declaration, 'objectives' | 'expected' | 'metrics' | 'rounds'>,
  { samples, concurrency = 1 }: LatencySubject<unknown, string>,
): { readonly samples: number; readonly objectives: readonly string[] } {
  const { objectives } = common;
  if (!Array.isArray(objectives)) return { samples: 1, objectives };
  const calls = samples ?? samplesFor({ ...common, concurrency });
  const scope = { metrics: common.metrics, primary: metrics.responseTime.id };
  const isAboutErrors = (source: string): boolean => parseObjective(source, scope).metric === metrics.errors.id;
  const speaksOfErrors = common.expected !== 'fail' && objectives.some(isAboutErrors);
  return { samples: calls, objectives: withErrorObjective(common, speaksOfErrors, calls) };
}

function latencyMeasurements(result: LatencyResult): Awaited<ReturnType<Instrument>> {
  const { responseTime, throughput, errors, calls, components, warnings } = result;
  const failures = warnings.filter(({ code }) => code === 'some-failed');
  const doubts = warnings.filter(({ code }) => code !== 'some-failed');
  const measurements: readonly RoundMeasurement[] = [
    {
      metric: metrics.responseTime.id,
      data: { kind: 'histogram', histogram: responseTime.toData() },
      warnings: doubts,
    },
    { metric: metrics.throughput.id, data: { kind: 'exact', value: throughput } },
    { metric: metrics.errors.id, data: { kind: 'count', events: errors, trials: calls }, warnings: failures },
    ...componentMeasurements(components),
    ...latencyCourse(result),
  ];
  return { measurements };
}
