import { formatQuantity, type Warning } from '@perfkeel/core';
import { isLocalExhaustion } from './failure.ts';
import type { LoadResult } from './load-result.ts';
import { withoutTimes } from './record/without-times.ts';

/**
 * From here on the generator is part of what was measured. Each is a share of the measured time, or a time in
 * nanoseconds; `tools/accuracy/starved-generator.mjs` measures how often they are right.
 */
const limits = {
  /** Of the response time at the same quantile that may be the generator's own lateness. */
  lagShare: 0.1,
  /** Lag at the median and at p99 that does not matter however fast the target is: every machine hiccups. */
  lagP50: 0.25e6,
  lagP99: 2e6,
  /** The sending thread wanted to run and could not: so much of the time, and each time so long. */
  runQueueWait: 0.05,
  waitPerTurn: 100e3,
  /** So much of it, and it hardly sent at all. */
  starvation: 0.3,
  eventLoopUtilisation: 0.9,
  /** The processors had nothing to do: what did not fit had to wait, the target's work like everybody's. */
  idle: 0.05,
  /** Of the requests, without an answer although they were tried again. */
  failing: 0.1,
  /** Of the answers: few may belong to it, most look like a login page. */
  redirected: 0.5,
  /** Of the times, those of answers that failed: a remark. */
  wrongTimes: 0.03,
  /** Of the requests that were due, sent within the window. */
  achieved: 0.99,
} as const;

type Measured = Omit<LoadResult, 'warnings' | 'windows'> & {
  readonly cutAnswers: number;
  /** Most requests are meant to be answered so. */
  readonly expectsRedirects?: boolean;
};

/** Looks for a reason to doubt; `undefined` when there is none. */
type Doubt = (measured: Measured) => Warning | undefined;

const time = (ns: number): string => formatQuantity(ns, 'ns');
const share = (ratio: number): string => formatQuantity(ratio, 'ratio');

export const starvedCode = 'generator-starved';

/**
 * The thread that sends had no processor when it wanted one. That makes times longer, never shorter; but from some point
 * on nothing that it did is what was meant.
 */
const starved: Doubt = ({ health: { runQueueWait = 0, waitPerTurn = 0 } }) =>
  runQueueWait > limits.runQueueWait && waitPerTurn > limits.waitPerTurn
    ? {
        code: starvedCode,
        message: `the generator waited for a processor ${share(runQueueWait)} of the time, ${time(waitPerTurn)} at a time: other programs used them, or the target itself if it runs on this machine`,
        forbids: runQueueWait > limits.starvation ? 'verdict' : 'fail',
      }
    : undefined;

/** Its lateness is a part of every response time: a promise that is kept in spite of it is kept. */
const late: Doubt = ({ scheduleLag, responseTime }) => {
  if (scheduleLag === undefined || scheduleLag.count === 0) return undefined;
  for (const [name, q, least] of [
    ['p99', 0.99, limits.lagP99],
    ['p50', 0.5, limits.lagP50],
  ] as const) {
    const [lag, response] = [scheduleLag.quantile(q), responseTime.quantile(q)];
    if (!(lag > Math.max(least, limits.lagShare * response))) continue;
    return {
      code: 'generator-late',
      message: `the generator was late by ${time(lag)} at ${name}, against a response time of ${time(response)} at ${name}`,
      forbids: 'fail',
    };
  }
  return undefined;
};

/** A loop that has no pause can be no more on time than a target that has none. */
const overworked: Doubt = ({ model, health: { eventLoopUtilisation } }) =>
  eventLoopUtilisation > limits.eventLoopUtilisation
    ? {
        code: 'generator-busy',
        message: `the generator was busy ${share(eventLoopUtilisation)} of the time: it may have been slower than the target`,
        ...(model === 'open' ? { forbids: 'verdict' } : {}),
      }
    : undefined;

/** Clients that send as fast as they can fill any machine; arrivals at a rate should not. */
const full: Doubt = ({ model, health: { idle } }) =>
  model === 'open' && idle < limits.idle
    ? {
        code: 'machine-busy',
        message: `the processors of this machine were busy ${share(1 - idle)} of the time: target and generator had to share what was left`,
        forbids: 'fail',
      }
    : undefined;

/** One straggler at the end of each phase is no shortfall. */
const behind: Doubt = ({ achieved, scheduled, interrupted, phases }) =>
  achieved !== undefined &&
  !interrupted &&
  achieved < limits.achieved &&
  (1 - achieved) * scheduled > 1.5 * Math.max(phases.length, 1)
    ? {
        code: 'generator-behind',
        message: `only ${share(achieved)} of the requests were sent within the window: it was another load than the intended one`,
        forbids: 'verdict',
      }
    : undefined;

/** A closed connection keeps its port for a minute: some 28 000 of them are all that there are to one target. */
const withoutPorts: Doubt = ({ failures, firstMessages }) =>
  failures.out_of_ports > 0
    ? {
        code: 'out-of-ports',
        message: `this machine had no local port left for ${failures.out_of_ports} requests (${firstMessages.out_of_ports}): keep connections alive, open fewer a second, or widen net.ipv4.ip_local_port_range`,
        forbids: 'verdict',
      }
    : undefined;

const exhausted: Doubt = ({ firstMessages }) =>
  firstMessages.other !== undefined && isLocalExhaustion(firstMessages.other)
    ? {
        code: 'generator-exhausted',
        message: `this machine ran out of files or buffers: ${firstMessages.other}`,
        forbids: 'verdict',
      }
    : undefined;

const censored: Doubt = ({ censored, failures, responseTime }) =>
  censored > 0
    ? {
        code: 'censored',
        message: `${censored} of ${responseTime.count} requests had no answer${timeouts(failures.timeout, censored)}: they count as "at least" the timeout, and so do the mean and the quantiles above p${trimmed(100 * (1 - censored / responseTime.count))}`,
      }
    : undefined;

/** Refusals are often quicker than work: a quantile that holds both is the time of neither. */
const wrongTimes: Doubt = ({ wrongAnswerTime: wrong, responseTime, firstMessages }) => {
  if (wrong === undefined || !(wrong.count > limits.wrongTimes * responseTime.count)) return undefined;
  const good = withoutTimes(responseTime, wrong);
  const limited = firstMessages.status === 'status 429' ? '; 429 says that the target limits the rate' : '';
  const rest = good.count === 0 ? '' : `; of the others p50 is ${time(good.quantile(0.5))}`;
  return {
    code: 'failed-times',
    message: `${share(wrong.count / responseTime.count)} of the times are of answers that failed, with p50 ${time(wrong.quantile(0.5))}${rest}${limited}`,
  };
};

const timeouts = (count: number, of: number): string =>
  count === of ? ' in time' : count > 0 ? `, ${count} of them in time` : '';

/** Work that fails even when it is tried again and again says more of what lies between than of the target. */
const failing: Doubt = ({ retried, censored, scheduled, dropped }) =>
  retried > 0 && censored > limits.failing * (scheduled - dropped)
    ? {
        code: 'failing-after-retries',
        message: `${censored} of ${scheduled - dropped} requests failed in spite of ${retried} more attempts`,
        forbids: 'verdict',
      }
    : undefined;

const retries: Doubt = ({ retried, scheduled }) =>
  retried > 0
    ? {
        code: 'retried',
        message: `${scheduled} requests took ${retried} more ${retried === 1 ? 'attempt' : 'attempts'}`,
      }
    : undefined;

const replays: Doubt = ({ replayed }) => {
  if (replayed === 0) return undefined;
  const [what, they] = replayed === 1 ? ['1 request was', 'it'] : [`${replayed} requests were`, 'they'];
  const message = `${what} sent once more: the target had closed the connection before ${they} arrived`;
  return { code: 'replayed', message };
};

/** A page that sends everybody to the log-in is answered quickly, and was not measured. */
const redirected: Doubt = ({ statuses, expectsRedirects = false }) => {
  const all = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  const counts = redirects.map((status) => [status, statuses[status] ?? 0] as const);
  const [status, count] = counts.reduce((most, one) => (one[1] > most[1] ? one : most));
  if (expectsRedirects || !(count > limits.redirected * all)) return undefined;
  const message = `${count === all ? 'all' : `${count} of`} ${all} answers were ${status}: no redirect is followed, so what lies behind it was not measured`;
  return { code: 'redirected', message };
};

/** Answers that ask to go elsewhere. */
const redirects = [301, 302, 303, 307, 308] as const;

const closed: Doubt = ({ model }) =>
  model === 'closed'
    ? {
        code: 'closed-model',
        message: 'closed model: the response time is the service time, and a slow target gets fewer requests',
      }
    : undefined;

const misread: Doubt = ({ cutAnswers }) =>
  cutAnswers > 0
    ? {
        code: 'cut-answers',
        message: `${cutAnswers} answers ended in their middle, after which autocannon may misread later ones: measure with a rate`,
      }
    : undefined;

const trimmed = (value: number): string => String(Number(value.toFixed(2)));

/** Every reason to doubt the numbers of a run, with what it forbids to conclude. */
export const doubtsAbout = (measured: Measured): readonly Warning[] =>
  [
    closed,
    starved,
    late,
    overworked,
    full,
    behind,
    withoutPorts,
    exhausted,
    failing,
    retries,
    replays,
    redirected,
    wrongTimes,
    censored,
    misread,
  ]
    .map((doubt) => doubt(measured))
    .filter((warning) => warning !== undefined);
