import { formatQuantity, type Metric, type RoundMeasurement, type Warning } from '@perfkeel/core';
import type { GivenBack, LoadCleanUp } from './clean-up.ts';

/** Share of the heap and buffers that a load gained and gave back. */
const givenBackMetric: Metric = Object.freeze({ id: 'given-back', unit: 'ratio', better: 'higher' });

/** The same of the resident set, which an allocator gives back late or never. */
const rssGivenBackMetric: Metric = Object.freeze({ id: 'rss-given-back', unit: 'ratio', better: 'higher' });

export const cleanUpMetrics: readonly Metric[] = [givenBackMetric, rssGivenBackMetric];

/** In the words of a round. */
export function cleanUpMeasurements({ heap, rss }: LoadCleanUp): RoundMeasurement[] {
  const told = ({ id }: Metric, { share }: GivenBack): RoundMeasurement => ({
    metric: id,
    data: { kind: 'estimate', estimate: share },
  });
  return [...(heap ? [told(givenBackMetric, heap)] : []), told(rssGivenBackMetric, rss)];
}

export const cleanUpRemark = (cleanUp: LoadCleanUp): Warning => ({
  code: 'clean-up',
  message: describeCleanUp(cleanUp),
});

/** `2 s after a load of 5 s, the heap gave back 98 % of 40 MB, the resident set 61 % of 62 MB`. */
export function describeCleanUp({ heap, rss, loadMs, waitedMs }: LoadCleanUp): string {
  const time = (ms: number): string => formatQuantity(ms * 1e6, 'ns');
  const part = ({ share, gained }: GivenBack): string =>
    share.lo === 0 && share.hi === 1
      ? `took too little to tell (${formatQuantity(Math.max(0, gained), 'B')})`
      : `gave back ${formatQuantity(share.value, 'ratio')} of ${formatQuantity(gained, 'B')}`;
  const parts = [...(heap ? [`the heap ${part(heap)}`] : []), `the resident set ${part(rss)}`];
  return `${time(waitedMs)} after a load of ${time(loadMs)}, ${parts.join(', ')}`;
}
