import { nanos, parseDuration, parseRate, usageError, type Nanos, type PerSecond } from '@perfkeel/core';
import type { ArrivalProcess } from './arrival-schedule.ts';
import type { LoadPace, LoadWork } from './load-options.ts';
import { prepareRequest, type PreparedRequest, type RequestOptions } from './prepared-request.ts';
import { mixRequests } from './request-mix.ts';
import { shown } from './shown.ts';

export interface OpenPlan {
  readonly model: 'open';
  readonly rate: PerSecond;
  readonly arrivals: ArrivalProcess;
}

export interface ClosedPlan {
  readonly model: 'closed';
  readonly clients: number;
}

/** Load options that have been understood: base units, defaults filled in, requests ready to send. */
export interface LoadPlan {
  readonly pace: OpenPlan | ClosedPlan;
  /** The order of requests, as a cycle. */
  readonly requests: readonly PreparedRequest[];
  readonly warmup: Nanos;
  readonly duration: Nanos;
  readonly timeout: Nanos;
}

function fail(message: string, hint: string, excerpt?: string): never {
  throw usageError(message, { code: 'bad-load', hint, excerpt });
}

/** Node's timers end at 24.8 days: a longer one would fire at once. */
const longestRun = 20 * 24 * 3600e9;

/**
 * Checks load options and completes them.
 *
 * @throws PerfError `bad-load`, `bad-request` or `bad-quantity`, exit code 2.
 */
export function planLoad(options: LoadWork & LoadPace): LoadPlan {
  const pace = planPace(options);
  const requests = planRequests(options.requests);
  const duration = planDuration(options.for);
  const warmup = options.warmup === undefined ? nanos(Math.min(duration / 5, 1e9)) : parseDuration(options.warmup);
  const timeout = parseDuration(options.timeout ?? '10s');
  if (timeout === 0) fail('a timeout of 0 leaves no time to answer', "Write timeout: '10s'.", 'timeout');
  if (warmup + duration + timeout > longestRun) {
    fail('load for more than 20 days is longer than a timer can wait', "Write for: '10s'.", 'for');
  }
  if (pace.model === 'closed') checkClosed(requests, timeout);
  return { pace, requests: mixRequests(requests), warmup, duration, timeout };
}

const withoutPace = "Write rate: '100/s' for an open model, or clients: 50 for a closed one.";

function planPace({ rate, clients, arrivals = 'uniform' }: LoadPace): OpenPlan | ClosedPlan {
  if (rate !== undefined && clients !== undefined) {
    fail('load has both a rate and clients', `Keep one. ${withoutPace}`, 'clients');
  }
  if (rate !== undefined) {
    if (!['uniform', 'poisson'].includes(arrivals)) {
      fail(`arrivals cannot be ${shown(arrivals)}`, "Write 'uniform' or 'poisson'.", 'arrivals');
    }
    const perSecond = parseRate(rate);
    if (perSecond === 0) fail('a rate of 0 sends nothing', "Write rate: '100/s'.", 'rate');
    return { model: 'open', rate: perSecond, arrivals };
  }
  if (clients === undefined) return fail('load has neither a rate nor clients', withoutPace);
  if (!Number.isInteger(clients) || clients < 1) {
    fail(`load has ${shown(clients)} clients`, 'Clients is a whole number from 1 upwards.', 'clients');
  }
  if (arrivals !== 'uniform') {
    fail('clients send when they have an answer: there are no arrivals to spread', "Use a rate: '100/s'.", 'arrivals');
  }
  return { model: 'closed', clients };
}

function planRequests(requests: LoadWork['requests']): readonly PreparedRequest[] {
  const list = Array.isArray(requests) ? (requests as readonly unknown[]) : [requests];
  if (list.length === 0 || list[0] === undefined) fail('load has no requests', "Write requests: { path: '/' }.");
  return list.map((request) => prepareRequest(request as RequestOptions));
}

function planDuration(text: LoadWork['for']): Nanos {
  if (text === undefined) fail('load does not say for how long', "Write for: '10s'.");
  const duration = parseDuration(text);
  if (duration === 0) fail('load for no time measures nothing', "Write for: '10s'.", 'for');
  return duration;
}

/** What the generator of the closed model, autocannon, cannot do. */
function checkClosed(requests: readonly PreparedRequest[], timeout: Nanos): void {
  if (timeout < 1e9) {
    fail('a closed model cannot time out in less than a second', "Write timeout: '1s', or use a rate.", 'timeout');
  }
  if (requests.some(({ method }) => method === 'HEAD')) {
    fail('a closed model cannot send HEAD: it would wait for a body', 'Use GET, or a rate.', 'HEAD');
  }
}

const shortWarmup = 1e8;
const shortDuration = 8e8;

/** The same load in under a second: a rehearsal. */
export const shortened = (plan: LoadPlan): LoadPlan => ({
  ...plan,
  warmup: nanos(Math.min(plan.warmup, shortWarmup)),
  duration: nanos(Math.min(plan.duration, shortDuration)),
});
