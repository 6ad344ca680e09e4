import { formatNumber, formatQuantity, nanos, nanosFromMs } from '@perfkeel/core';
import type { Analyser } from '../diagnosis.ts';
import { handled, type Facts } from '../facts.ts';
import { isOfTheSlowest } from './tail-only.ts';

const slow = nanosFromMs(20);
const most = 0.6;
const many = 5;

interface QueryLoad {
  readonly mean: number;
  readonly eachRequest: number;
  /** Of the time of a request. */
  readonly share: number;
}

/** Queries that run side by side may take longer together than their request. */
function queryLoad(facts: Facts): QueryLoad | undefined {
  const { queries, handling } = facts.server;
  if (queries === undefined || queries.count === 0) return undefined;
  const requests = Math.max(handled(facts), 1);
  const whole = handling !== undefined && handling.count > 0 ? handling.total : requests * facts.client.mean;
  return { mean: queries.mean, eachRequest: queries.count / requests, share: Math.min(queries.total / whole, 1) };
}

/** Half of them are quick, and requests are slow now and then: then it is not the query, but what some of them meet. */
const isOfFew = (facts: Facts): boolean => (facts.server.queries?.p50 ?? Infinity) < slow / 2 && isOfTheSlowest(facts);

const lacks: Analyser['lacks'] = ({ server }) =>
  server.queries === undefined ? 'queries (a histogram such as db_query_duration_seconds)' : undefined;

const time = (ns: number): string => formatQuantity(ns, 'ns');
const ratio = (share: number): string => formatQuantity(share, 'ratio');

export const slowQueries: Analyser = {
  id: 'slow-queries',
  causes: ['many-queries', 'saturated'],
  lacks,
  examine(facts) {
    const load = queryLoad(facts);
    if (load === undefined || !(load.mean > slow && load.share > most) || isOfFew(facts)) return undefined;
    return {
      cost: nanos(Math.min(load.mean * load.eachRequest, facts.client.mean)),
      certainty: 'likely',
      evidence: `a query took ${time(load.mean)} on average, and queries were ${ratio(load.share)} of the time of requests`,
      remedies: [
        'Look at its plan (explain analyze), and for an index that it could use.',
        'See whether the database itself is at its limit, or waits for locks.',
        'Read less, or keep in a cache what is read often.',
      ],
    };
  },
};

export const manyQueries: Analyser = {
  id: 'many-queries',
  causes: ['saturated'],
  examine(facts) {
    const load = queryLoad(facts);
    if (load === undefined || !(load.eachRequest >= many && load.share > most)) return undefined;
    const cost = load.mean * load.eachRequest;
    if (!(cost > slow)) return undefined;
    return {
      cost: nanos(Math.min(cost, facts.client.mean)),
      certainty: 'likely',
      evidence: `each request made ${formatNumber(load.eachRequest)} queries of ${time(load.mean)}: ${ratio(load.share)} of its time`,
      remedies: ['Fetch in one query what is fetched row by row, with a join or a list of keys.'],
    };
  },
};
