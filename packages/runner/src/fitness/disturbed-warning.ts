import { formatNumber, formatQuantity, type Warning } from '@perfkeel/core';
import type { Disturbance } from './disturbance.ts';

/**
 * Programs outside of the round spoil it when they take more than this, in processors, and it shows: a process of the
 * round waits longer than that share of the time, which is by how much it becomes slower, or no processor is ever free,
 * so that whatever wakes up has to push somebody aside. Either alone does no harm: a program on a processor that nobody
 * else wants, or a round whose own processes wait for each other.
 */
const foreignLimit = 0.2;
const waitedLimit = 0.05;
const fullLimit = 0.95;
/** Below this many milliseconds of processor time, ticks alone can make the difference. */
const leastForeignMs = 100;
const stolenLimit = 0.05;
const pausedLimit = 0.01;
/** As much of a round as its 99th percentile can see. */
const disturbedLimit = 0.01;

const byOthers = ({ seconds, foreign = 0, waited, busy }: Disturbance): boolean =>
  foreign > foreignLimit && foreign * seconds * 1000 >= leastForeignMs && (waited > waitedLimit || busy > fullLimit);
const byTheHost = ({ seconds, stolen }: Disturbance): boolean => stolen > stolenLimit && seconds >= 0.2;
const byItsQuota = ({ paused }: Disturbance): boolean => paused > pausedLimit;

const secondsOf = (parts: readonly Disturbance[]): number => parts.reduce((sum, { seconds }) => sum + seconds, 0);

/** The mean over parts of different lengths. */
const meanOf = (parts: readonly Disturbance[], of: (part: Disturbance) => number): number =>
  parts.reduce((sum, part) => sum + of(part) * part.seconds, 0) / secondsOf(parts);

const percent = (share: number): string => formatQuantity(share, 'ratio');

function during(parts: readonly Disturbance[], all: number): string {
  const seconds = secondsOf(parts);
  const text = formatQuantity(seconds * 1e9, 'ns');
  return seconds >= all ? `for all of its ${text}` : `for ${text} of ${formatQuantity(all * 1e9, 'ns')}`;
}

function wordsOnOthers(parts: readonly Disturbance[], all: number): string {
  const foreign = formatNumber(meanOf(parts, (part) => part.foreign ?? 0));
  const [most] = parts.flatMap(({ busiest }) => busiest ?? []).sort((a, b) => b.processors - a.processors);
  const name = most === undefined ? '' : ` (the most ${most.name}, process ${most.pid})`;
  const waited = percent(meanOf(parts, (part) => part.waited));
  return `other programs took ${foreign} of ${parts[0]!.processors} processors${name} ${during(parts, all)}, and what was measured waited ${waited} of that time for one`;
}

const wordsOnTheHost = (parts: readonly Disturbance[], all: number): string =>
  `other virtual machines took ${percent(meanOf(parts, (part) => part.stolen))} of the processor time ${during(parts, all)}`;

const wordsOnTheQuota = (parts: readonly Disturbance[], all: number): string =>
  `the control group used up its processor quota and was paused ${percent(meanOf(parts, (part) => part.paused))} of the time ${during(parts, all)}`;

const kinds = [
  { holds: byOthers, words: wordsOnOthers },
  { holds: byTheHost, words: wordsOnTheHost },
  { holds: byItsQuota, words: wordsOnTheQuota },
];

/** A warning that forbids to fail, when too much of a round was disturbed. @param parts of one round, in order */
export function disturbedWarning(parts: readonly Disturbance[]): Warning | undefined {
  const all = secondsOf(parts);
  const causes = kinds.flatMap(({ holds, words }) => {
    const disturbed = parts.filter(holds);
    return disturbed.length > 0 && secondsOf(disturbed) >= all * disturbedLimit ? [words(disturbed, all)] : [];
  });
  if (causes.length === 0) return undefined;
  return { code: 'disturbed', message: causes.join('; '), forbids: 'fail' };
}
