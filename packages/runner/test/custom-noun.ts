/**
 * A kind of benchmark that the product does not know, written with core alone, as a third party would. Its text goes
 * into temporary projects: nothing in runner, baseline, report or cli changes for it.
 */
export const customNoun = `
import { callSite, commonParts, declare, metrics } from '@perfkeel/core';

export function probe(name: string, options: any) {
  return declare({
    name,
    kind: 'probe',
    metrics: [metrics.responseTime, metrics.errors],
    primary: 'response-time',
    quantiles: true,
    ...commonParts(options, { rounds: 2 }),
    target: options.target,
    location: callSite(probe as never),
    instrument: async (context: any) => options.measure(context),
  });
}

export const sample = (...values: number[]) => ({ metric: 'response-time', data: { kind: 'sample' as const, values } });
`;
