import { formatNumber, formatQuantity, nanos } from '@perfkeel/core';
import type { ServerSignals } from '../../signals/server-signals.ts';
import type { Analyser, Diagnosis } from '../diagnosis.ts';
import { handled, type Facts } from '../facts.ts';

/** From this hit rate on a cache does what it is for. */
const goodHitRate = 0.7;
const fewMisses = 5;
/** Of the time of a request. */
const notable = 0.1;

type CacheCounts = Pick<ServerSignals, 'cacheHits' | 'cacheMisses'>;

const hitRate = (all: readonly CacheCounts[]): number => {
  const hits = all.reduce((sum, { cacheHits = 0 }) => sum + cacheHits, 0);
  return hits / (hits + all.reduce((sum, { cacheMisses = 0 }) => sum + cacheMisses, 0));
};

interface Misses {
  readonly rate: number;
  readonly cost: number;
  readonly mean: number;
}

/** `undefined` where the misses are few, cheap, or of unknown cost. */
function costlyMisses(facts: Facts): Misses | undefined {
  const { cacheMisses: misses, cacheMissTimes: times } = facts.server;
  if (misses === undefined || misses <= fewMisses || times === undefined || times.count === 0) return undefined;
  const rate = hitRate([facts.server]);
  const cost = (times.mean * misses) / Math.max(handled(facts), 1);
  return rate < goodHitRate && cost >= notable * facts.client.mean ? { rate, cost, mean: times.mean } : undefined;
}

/** It was empty at the beginning only. */
function warmsUp({ course }: Facts): boolean {
  const third = Math.floor(course.length / 3);
  return third > 0 && hitRate(course.slice(0, third)) < goodHitRate && hitRate(course.slice(-third)) >= goodHitRate;
}

const found = (facts: Facts, { rate, cost, mean }: Misses): Omit<Diagnosis, 'id' | 'remedies'> => ({
  cost: nanos(Math.min(cost, facts.client.mean)),
  certainty: 'likely',
  evidence: `the cache answered ${formatQuantity(rate, 'ratio')} of the reads, below ${formatQuantity(goodHitRate, 'ratio')}; each of ${formatNumber(facts.server.cacheMisses!)} misses took ${formatQuantity(mean, 'ns')} on average`,
});

export const coldCache: Analyser = {
  id: 'cold-cache',
  causes: ['cache-ineffective'],
  examine(facts) {
    const misses = costlyMisses(facts);
    if (misses === undefined || !warmsUp(facts)) return undefined;
    const { evidence, ...rest } = found(facts, misses);
    return {
      ...rest,
      evidence: `${evidence}, nearly all of them at the beginning`,
      remedies: ['Fill the cache before load comes, or measure behind a longer warm-up.'],
    };
  },
};

export const cacheIneffective: Analyser = {
  id: 'cache-ineffective',
  causes: ['saturated'],
  lacks: ({ server: { cacheMisses, cacheMissTimes } }) => {
    if (cacheMisses === undefined) return 'the cache (counters such as cache_hits_total and cache_misses_total)';
    return cacheMissTimes === undefined
      ? 'what misses of the cache cost (a histogram such as cache_miss_duration_seconds)'
      : undefined;
  },
  examine(facts) {
    const misses = costlyMisses(facts);
    return (
      misses && {
        ...found(facts, misses),
        remedies: [
          'See whether the cache is reached at all: its connection, and its log.',
          'Look at how long entries live, at how many there is room for, and at what makes up their keys.',
        ],
      }
    );
  },
};
