import { formatQuantity, msFromNanos, nanos } from '@perfkeel/core';
import type { Analyser } from '../diagnosis.ts';
import { handled, starvation, type Facts } from '../facts.ts';

/** In milliseconds where they are times, else shares. */
const limits = {
  /** What each request holds the loop for, and its share of the service time. */
  ownTime: 5,
  ownShare: 0.5,
  busy: 0.95,
  /** And so busy it is when requests hold it for long. */
  ratherBusy: 0.6,
  /** A loop with so much time left holds nobody up. */
  calm: 0.3,
  /** Between what clients wait and what handlers take: requests in nobody's hands. */
  gap: 10,
  gapShare: 0.4,
  roundTrip: 20,
} as const;

const ms = (ns: number): number => msFromNanos(ns);
const time = (ns: number): string => formatQuantity(ns, 'ns');

/** What looks like work may be waiting to work. */
function crowdedWords(facts: Facts): string {
  const share = starvation(facts);
  return share === undefined
    ? ''
    : `; for only ${formatQuantity(share, 'ratio')} of that it had a processor, on a machine that was crowded`;
}

type Sign = (facts: Facts) => { readonly cost: number; readonly evidence: string } | undefined;

/** Loop time is spent on requests one after the other. */
const heldByRequests: Sign = (facts) => {
  const { loopActive, loopUtilisation: busy = 0 } = facts.server;
  if (loopActive === undefined) return undefined;
  const { client } = facts;
  const own = loopActive / Math.max(handled(facts), 1);
  // Behind a loop with little rest requests wait for each other: what each does itself is a small part of its time.
  // More than they took altogether is no work of theirs: at low rates a timer may be most of it.
  const isTheirs = own <= client.mean && own >= limits.ownShare * client.mean;
  const isMuch = isTheirs || busy > limits.ratherBusy;
  if (!(isMuch && ms(own) >= limits.ownTime)) return undefined;
  return {
    cost: Math.max(own, gapOf(facts)),
    evidence: `each request held up the event loop for ${time(own)} on average, of ${time(client.mean)} that it took altogether; the loop was busy ${formatQuantity(busy, 'ratio')} of the time${crowdedWords(facts)}`,
  };
};

const neverIdle: Sign = (facts) => {
  const { loopUtilisation: busy, loopDelay } = facts.server;
  if (busy === undefined || !(busy > limits.busy)) return undefined;
  const delay = loopDelay?.p50 === undefined ? '' : `; half of all work waited ${time(loopDelay.p50)} or longer for it`;
  return {
    cost: Math.max(gapOf(facts), 0),
    evidence: `the event loop was busy ${formatQuantity(busy, 'ratio')} of the time${delay}${crowdedWords(facts)}`,
  };
};

/** What the way through the network takes is in the fastest request, too. */
const gapOf = ({ server: { handling }, client }: Facts): number =>
  handling === undefined || handling.count === 0 ? 0 : client.mean - client.min - handling.mean;

const isCalm = ({ server: { loopUtilisation } }: Facts): boolean =>
  loopUtilisation !== undefined && loopUtilisation < limits.calm;

const waitsOutside: Sign = (facts) => {
  const { server, client } = facts;
  const gap = gapOf(facts);
  if (isCalm(facts) || !(ms(gap) >= limits.gap && gap >= limits.gapShare * client.mean)) return undefined;
  return {
    cost: gap,
    evidence: `clients waited ${time(client.mean)} on average, but only ${time(server.handling!.mean)} of it in a handler: the rest they waited for the event loop`,
  };
};

const lateMetrics: Sign = (facts) => {
  const { roundTrip, client } = facts;
  if (roundTrip === undefined || isCalm(facts) || !(ms(roundTrip - client.min) > limits.roundTrip)) return undefined;
  return {
    cost: roundTrip,
    evidence: `even the page of metrics took ${time(roundTrip)} to come, half of the times or more`,
  };
};

const signs: readonly Sign[] = [heldByRequests, neverIdle, waitsOutside, lateMetrics];

/** Timers inside of a process that does not get to its events measure that, too: what they say of others is no news. */
export const eventLoopBlocked: Analyser = {
  id: 'event-loop-blocked',
  causes: ['pool-exhausted', 'slow-queries', 'many-queries', 'cpu-saturated', 'saturated'],
  lacks: ({ server, roundTrip }) =>
    server.loopUtilisation === undefined && server.handling === undefined && roundTrip === undefined
      ? 'the event loop (nodejs_eventloop_utilization, or a histogram of requests such as http_request_duration_seconds)'
      : undefined,
  examine(facts) {
    const found = signs.map((sign) => sign(facts)).find((sign) => sign !== undefined);
    if (found === undefined) return undefined;
    return {
      cost: nanos(Math.min(found.cost, facts.client.mean)),
      certainty: 'likely',
      evidence: found.evidence,
      remedies: [
        'Move long synchronous work off the event loop: into a worker thread, or into smaller pieces.',
        'Find it: node --cpu-prof under this load shows what runs.',
        'When it is all needed, more processes share the work, as with node:cluster.',
      ],
    };
  },
};
