import { metrics, parseObjective, type Declaration } from '@perfkeel/core';
import { defaultSamples } from './measure-latency.ts';

/**
 * What calls are held to when they promise something, but nothing about errors: times are those of calls that
 * succeeded. 59 calls without a failure show it.
 */
export const defaultErrorObjective = 'errors < 5%';

/** The same where one round has too few calls to show a share below 5 %: judged on what was seen. */
export const fewCallsErrorObjective = 'errors = 0';

/** ln(0.05) / ln(0.95), rounded up: with 95 % certainty fewer than 5 % fail when none of so many did. */
const enoughToShow = 59;

const scope = { metrics: [metrics.responseTime, metrics.throughput, metrics.errors], primary: metrics.responseTime.id };

/** The objectives that count. A demonstration that must fail has to fail by what it says itself. */
export function withErrorObjective(
  { objectives, expected }: Pick<Declaration, 'objectives' | 'expected'>,
  samples = defaultSamples,
): readonly string[] {
  // What may be wrong with a list of objectives is found by core.
  if (!(objectives instanceof Array) || objectives.length === 0 || expected === 'fail') return objectives;
  if (objectives.some((source) => parseObjective(source, scope).metric === metrics.errors.id)) return objectives;
  return [...objectives, samples < enoughToShow ? fewCallsErrorObjective : defaultErrorObjective];
}
