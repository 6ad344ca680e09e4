import {
  badOption,
  commonParts,
  declare,
  describeValue,
  metrics,
  PerfError,
  refuseUnknownOptions,
  units,
  usageError,
  optionsObject,
  type Better,
  type CommonOptions,
  type Comparator,
  type DurationText,
  type PercentText,
  type RateText,
  type SizeText,
  type Unit,
} from '@perfkeel/core';
import { functionOption } from '../options.ts';
import type { SubjectContext } from './contract.ts';
import { placed } from './declared-by.ts';
import type { Member } from './member.ts';

/** A promise about a quality, by its own name: `'recall@10 >= 90%'`. */
export type QualityObjective<Name extends string = string> =
  `${Name} ${Comparator} ${number | PercentText | DurationText | SizeText | RateText}`;

/** How well an implementation does its work, as one number. */
export interface QualityOptions<T, F, Name extends string = string> extends CommonOptions<QualityObjective<Name>> {
  /** `ratio` is a share in [0, 1], printed and promised in per cent. */
  readonly unit: Unit;
  readonly better: Better;
  /** Gives the number. NaN is inconclusive. */
  readonly measure: (context: SubjectContext<T, F>) => number | Promise<number>;
}

/**
 * A quality. Its metric is its name in kebab-case (`recall-at-10`), because an objective reads words.
 *
 * @throws PerfError with exit code 2 when an option is missing, wrong or unknown.
 */
export function qualityMember<T, F>(
  { name, location }: Pick<Member<T, F>, 'name' | 'location'>,
  options: QualityOptions<T, F>,
): Member<T, F> {
  checkQuality(name, options);
  const metric = { id: metricId(name), unit: options.unit, better: options.better };
  const objectives = options.objectives?.map((source) => byMetric(source, name, metric.id));
  return {
    name,
    location,
    parameters: {},
    role: 'quality',
    declare: (fullName, stage) =>
      placed(
        location,
        () =>
          declare({
            name: fullName,
            kind: 'quality',
            metrics: [metric],
            primary: metric.id,
            quantiles: false,
            ...commonParts({ ...options, ...(objectives && { objectives }) }, { rounds: 1 }),
            location,
            instrument: async () => {
              const value: unknown = await options.measure(await stage.context());
              return { measurements: [{ metric: metric.id, data: { kind: 'exact', value: asNumber(name, value) } }] };
            },
          }),
        (text) => text.replaceAll(metric.id, name),
      ),
  };
}

function checkQuality<T, F>(name: string, options: QualityOptions<T, F>): void {
  optionsObject('quality', options);
  refuseUnknownOptions('quality', name, options, ['unit', 'better', 'measure']);
  functionOption('measure', options.measure, true);
  const { unit, better, objectives } = options;
  if (!units.includes(unit)) throw badOption('unit', unit, `one of ${units.join(', ')}`, "Write unit: 'ratio'.");
  if (!['lower', 'higher', 'neither'].includes(better)) {
    throw badOption('better', better, 'lower, higher or neither', "Write better: 'higher'.");
  }
  if (objectives !== undefined && !Array.isArray(objectives)) {
    throw badOption('objectives', objectives, 'a list', `Write objectives: ['${name} > 90%'].`);
  }
}

/** `recall@10` is `recall-at-10`. */
function metricId(name: string): string {
  const id = name
    .toLowerCase()
    .replaceAll('@', ' at ')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replaceAll(' ', '-');
  if (/^\p{L}/u.test(id) && id !== metrics.violations.id) return id;
  throw usageError(`the quality ${describeValue(name)} cannot be the name of a metric`, {
    code: 'bad-name',
    hint: 'Begin it with a letter: recall@10. "violations" is that of the properties.',
    excerpt: name,
  });
}

/** Objectives name the quality as the user does. */
function byMetric(source: string, name: string, id: string): string {
  if (typeof source !== 'string' || !source.trimStart().startsWith(name)) return source;
  return source.trimStart().replace(name, () => id);
}

function asNumber(name: string, value: unknown): number {
  if (typeof value === 'number') return value;
  throw new PerfError(`the quality ${JSON.stringify(name)} is ${describeValue(value)} and not a number`, {
    code: 'not-a-number',
    hint: 'Return a number from `measure`.',
  });
}
