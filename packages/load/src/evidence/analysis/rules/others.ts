import { formatNumber, formatQuantity, nanos } from '@perfkeel/core';
import type { LoadInterval } from '../../../record/load-series.ts';
import type { Analyser } from '../diagnosis.ts';
import { handled } from '../facts.ts';

const oftenRetried = 0.1;

export const serializationRetries: Analyser = {
  id: 'serialization-retries',
  causes: ['saturated'],
  examine(facts) {
    const { retries = 0, queries } = facts.server;
    const each = retries / Math.max(handled(facts), 1);
    if (!(each >= oftenRetried)) return undefined;
    return {
      cost: nanos(Math.min(each * (queries?.mean ?? 0), facts.client.mean)),
      certainty: 'likely',
      evidence: `transactions were tried again ${formatNumber(each)} times a request, because others had come between`,
      remedies: [
        'Let transactions take their lock before they read anything, so that they wait instead of failing.',
        'Touch fewer rows in each, and keep transactions short.',
      ],
    };
  },
};

const nearlyOne = 0.9;

/** Where the event loop tells nothing, which may be no Node at all. */
export const cpuSaturated: Analyser = {
  id: 'cpu-saturated',
  causes: ['saturated'],
  examine({ server: { processors, loopUtilisation }, client }) {
    if (loopUtilisation !== undefined || processors === undefined || !(processors >= nearlyOne)) return undefined;
    return {
      cost: client.mean,
      certainty: 'possible',
      evidence: `the target kept ${formatNumber(processors)} processors busy on average`,
      remedies: [
        'Take a processor profile under this load.',
        'See how many processors it may use, and whether it does.',
      ],
    };
  },
};

const growth = 3;
const grownBy = 10;
const flat = 1.1;
const fewestIntervals = 4;

const meanOf = (intervals: readonly LoadInterval[], read: (interval: LoadInterval) => number): number =>
  intervals.reduce((sum, interval) => sum + read(interval), 0) / intervals.length;

const rateOf = ({ completed, failed, start, end }: LoadInterval): number =>
  ((completed + failed) * 1e9) / Math.max(end - start, 1);

/** More and more under way, and nothing gets done faster: something is at its limit, whatever it is. */
export const saturated: Analyser = {
  id: 'saturated',
  causes: [],
  examine({ client: { course, mean } }) {
    if (course.length < fewestIntervals) return undefined;
    const third = Math.max(Math.floor(course.length / 3), 1);
    const [first, last] = [course.slice(0, third), course.slice(-third)];
    const [before, after] = [meanOf(first, ({ inFlight }) => inFlight), meanOf(last, ({ inFlight }) => inFlight)];
    const [slower, later] = [meanOf(first, rateOf), meanOf(last, rateOf)];
    if (!(after >= growth * before && after >= before + grownBy && later <= flat * slower)) return undefined;
    return {
      cost: mean,
      certainty: 'possible',
      evidence: `requests under way grew from ${formatNumber(before)} to ${formatNumber(after)}, while ${formatQuantity(later, '1/s')} got done after ${formatQuantity(slower, '1/s')} at the beginning: something is at its limit, and no signal tells what`,
      remedies: [
        'Expose what the target waits for: its pools, its queries, its queues.',
        'A capacity benchmark finds the highest rate that it keeps.',
      ],
    };
  },
};
