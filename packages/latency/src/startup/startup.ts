import {
  badOption,
  callSite,
  commonParts,
  declare,
  locating,
  refuseUnknownOptions,
  type CommonOptions,
  type Comparator,
  type Declaration,
  type DurationText,
  type SizeText,
  type SourceLocation,
  type TimeStatistic,
  type Variant,
} from '@perfkeel/core';
import { measureStartup } from './measure-startup.ts';
import { planStartup, subjectOptions, type StartupPlan, type StartupSubject } from './plan-startup.ts';
import { comparedByDefault, metricsOf, startupMeasurements, type StartupTimeName } from './startup-metrics.ts';
import { variantsOf, type StartupVariants } from './variants.ts';

/** What a start-up benchmark can promise. */
export type StartupObjective =
  | `${TimeStatistic} ${Comparator} ${DurationText}`
  | `${TimeStatistic} of ${StartupTimeName} ${Comparator} ${DurationText}`
  | `max-rss ${'<' | '<='} ${SizeText}`;

interface JudgedBy extends CommonOptions<StartupObjective> {
  /**
   * The metrics whose change is a regression. Processor time does not see waiting: a program that mostly waits is compared
   * by `['startup-time']`. @default ['cpu-time'] where the platform tells it, otherwise ['startup-time']
   */
  readonly comparedBy?: readonly ('startup-time' | 'max-rss' | StartupTimeName)[];
}

export interface StartupOptions extends StartupSubject, JudgedBy {
  readonly variants?: undefined;
}

/** Options of a start that is measured in several variants, side by side. */
export interface StartupVariantOptions extends Partial<StartupSubject>, JudgedBy {
  /** What differs in each: `{ plain: {}, cached: { env: { NODE_COMPILE_CACHE: '.cache' } } }`. */
  readonly variants: StartupVariants;
}

const ownOptions = [...subjectOptions, 'comparedBy', 'variants'];

/**
 * Declares a start-up benchmark: a real process, from its first instruction until it is ready. With `variants` it declares
 * one for each, `name [variant=plain]`, whose rounds take turns.
 *
 * @throws PerfError with exit code 2 and the user's own line, when something is wrong.
 * @example
 * startup('cli --version', { command: ['node', 'dist/cli.js', '--version'], objectives: ['median < 300ms'] });
 */
export function startup(name: string, options: StartupOptions): Declaration;
export function startup(name: string, options: StartupVariantOptions): readonly Declaration[];
export function startup(
  name: string,
  options: StartupOptions | StartupVariantOptions,
): Declaration | readonly Declaration[] {
  const location = callSite(startup);
  const declareOne = (own: string, subject: StartupSubject, variant?: Variant): Declaration =>
    declareStart(own, { subject, plan: planStartup(subject) }, options, { location, variant });
  return locating(location, () => {
    if (typeof options !== 'object' || options === null) planStartup(options);
    refuseUnknownOptions('startup', name, options, ownOptions);
    if (options.variants === undefined) return declareOne(name, options);
    const { variants, ...shared } = options;
    const members = variantsOf(name, shared, variants);
    // All are looked at before the first is declared.
    for (const { subject } of members) planStartup(subject);
    return members.map((member) => declareOne(member.name, member.subject, member.variant));
  });
}

interface Start {
  readonly subject: StartupSubject;
  readonly plan: StartupPlan;
}

function declareStart(
  name: string,
  { subject, plan }: Start,
  options: JudgedBy,
  place: { readonly location: SourceLocation | undefined; readonly variant: Variant | undefined },
): Declaration {
  const metrics = metricsOf(plan);
  return declare({
    name,
    kind: 'startup',
    metrics,
    primary: metrics[0]!.id,
    comparedBy: comparedBy(options.comparedBy, plan),
    quantiles: true,
    ...commonParts(options, { rounds: 5 }),
    ...place,
    instrument: async (context) => ({
      measurements: startupMeasurements(plan, await measureStartup(subject, context)),
    }),
  });
}

/** What cannot be known here is not compared here, so that one perf file serves every platform. */
function comparedBy(wanted: JudgedBy['comparedBy'], plan: StartupPlan): readonly string[] {
  const byDefault = comparedByDefault(plan);
  if (wanted === undefined) return [byDefault];
  if (!Array.isArray(wanted) || wanted.length === 0) {
    throw badOption('comparedBy', wanted, 'a list of metrics', "Write comparedBy: ['startup-time'].");
  }
  const unknown = byDefault === 'cpu-time' ? [] : ['cpu-time', 'user-time', 'system-time', 'max-rss'];
  const known = (wanted as readonly string[]).filter((id) => !unknown.includes(id));
  return known.length > 0 ? known : [byDefault];
}
