import { badOption, metrics, type Metric, type RoundMeasurement } from '@perfkeel/core';
import { restComponent } from './component-marks.ts';
import { takenApart, type LatencyComponent } from './component-shares.ts';

const whole = metrics.responseTime.id;

const shareId = (component: string, quantile: string): string => `${component}-of-${quantile}`;

/** For each component its times, and its share of p50 and of p99: parts of the response time. */
export const componentMetrics = (components: readonly string[]): readonly Metric[] =>
  components.flatMap((component): Metric[] => [
    { id: component, unit: 'ns', better: 'lower', part: { of: whole, component } },
    ...takenApart.map(({ name, q }): Metric => {
      return { id: shareId(component, name), unit: 'ratio', better: 'neither', part: { of: whole, component, q } };
    }),
  ]);

/** What a round says of `componentMetrics`. */
export const componentMeasurements = (components: readonly LatencyComponent[]): readonly RoundMeasurement[] =>
  components.flatMap(({ component, time, shares }): RoundMeasurement[] => [
    { metric: component, data: { kind: 'histogram', histogram: time.toData() } },
    ...takenApart.map(({ name }): RoundMeasurement => {
      return { metric: shareId(component, name), data: { kind: 'exact', value: shares[name] } };
    }),
  ]);

/** A name that objectives can speak of. */
const speakable = /^[\p{L}][\p{L}\p{N}_-]*$/u;
const statistic = /^(?:min|max|mean|median|p\d[\d.]*)$/;

/** With more, the share of each is nothing that a person can read. */
const mostComponents = 50;

/**
 * What a function may declare as its components: words, each once, none of which is the name of something else.
 *
 * @throws PerfError `bad-option`, exit code 2.
 */
export function checkComponents(components: readonly string[] | undefined): void {
  if (components === undefined) return;
  const example = "Write components: ['route', 'backend'].";
  if (!(components instanceof Array) || components.length === 0 || components.length > mostComponents) {
    throw badOption('components', components, `a list of 1 to ${mostComponents} names`, example);
  }
  for (const name of components as readonly unknown[]) {
    if (typeof name !== 'string' || !speakable.test(name)) {
      throw badOption('components', name, 'words of letters, digits and hyphens', example);
    }
    if (statistic.test(name)) throw badOption('components', name, 'no name of a statistic', `Call it ${name}-part.`);
  }
  const reserved = [metrics.responseTime, metrics.throughput, metrics.errors].map(({ id }) => id);
  const ids = [...reserved, ...componentMetrics([...components, restComponent]).map(({ id }) => id)];
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice === undefined) return;
  throw badOption(
    'components',
    twice,
    `names that differ from each other, and from ${reserved.join(', ')} and rest`,
    example,
  );
}
