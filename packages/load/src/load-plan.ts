import { describeValue, parseDuration, usageError, type Nanos } from '@perfkeel/core';
import { planEvidence, type EvidencePlan, type WithEvidence } from './evidence/evidence-options.ts';
import type { LoadWork } from './load-options.ts';
import { planProfile, shortenedProfile, type LoadProfile } from './profile/load-profile.ts';
import type { LoadPace } from './profile/pace-options.ts';
import { totalDuration } from './profile/phase.ts';
import type { PlannedWindow } from './planned-window.ts';
import { planWork, type WorkPlan } from './work/plan-work.ts';
import { planData, type DataPlan } from './work/rows.ts';

/** Load options that have been understood: base units, defaults filled in, requests ready to send. */
export interface LoadPlan extends WorkPlan, DataPlan {
  readonly profile: LoadProfile;
  readonly timeout: Nanos;
  /** Attempts after the first one. */
  readonly retries: number;
  /** What objectives say of any window of the run. */
  readonly windows: readonly PlannedWindow[];
  /** Threads that send beside the main one; 0 when that one does. */
  readonly workers: number;
  /** What the setup of a function has made, once it has. */
  readonly setup?: unknown;
  /** Whom to ask about the target meanwhile; absent when nobody is asked. */
  readonly evidence?: EvidencePlan | undefined;
  /** Of a member of a family. */
  readonly parameters: object;
}

function fail(message: string, hint: string, excerpt: string): never {
  throw usageError(message, { code: 'bad-load', hint, excerpt });
}

/** Node's timers end at 24.8 days: a longer one would fire at once. */
const longestRun = 20 * 24 * 3600e9;

/**
 * Checks load options and completes them.
 *
 * @throws PerfError `bad-load`, `bad-stage`, `bad-request`, `bad-data` or `bad-quantity`, exit code 2.
 */
export function planLoad<Row, State>(
  options: LoadWork<Row, State> & LoadPace & WithEvidence & { readonly parameters?: object },
): LoadPlan {
  const profile = planProfile(options);
  const timeout = parseDuration(options.timeout ?? '10s');
  if (timeout === 0) fail('a timeout of 0 leaves no time to answer', "Write timeout: '10s'.", 'timeout');
  const work = planWork(options, profile, timeout);
  if (totalDuration(profile.phases) + timeout > longestRun) {
    fail('load for more than 20 days is longer than a timer can wait', "Write for: '10s'.", 'for');
  }
  return {
    ...{ profile, ...work, timeout },
    ...planData(options.data),
    retries: planRetries(options, work),
    workers: planWorkers(options, work),
    windows: [],
    evidence: planEvidence(options.evidence),
    parameters: options.parameters ?? {},
  };
}

const defaultRetries = 3;
const mostRetries = 10;

function planRetries({ idempotent, retries }: { idempotent?: unknown; retries?: unknown }, { work }: WorkPlan): number {
  const wanted = retries ?? (idempotent === true ? defaultRetries : 0);
  if (typeof wanted !== 'number' || !Number.isInteger(wanted) || wanted < 0 || wanted > mostRetries) {
    fail(
      `load has ${describeValue(retries)} retries`,
      `Retries is a whole number from 0 to ${mostRetries}.`,
      'retries',
    );
  }
  if (wanted > 0 && idempotent !== true) {
    fail('only what is idempotent may be tried again', 'Write idempotent: true beside retries, if it is.', 'retries');
  }
  if (wanted > 0 && work.kind === 'requests' && work.driver.use === 'autocannon') {
    fail('autocannon tries nothing again', 'Leave the driver or idempotent out.', 'idempotent');
  }
  return wanted;
}

/** As many threads as anybody has processors for. */
const mostWorkers = 64;

function planWorkers({ workers = 0 }: { readonly workers?: unknown }, { work }: WorkPlan): number {
  if (typeof workers !== 'number' || !Number.isInteger(workers) || workers < 0 || workers > mostWorkers) {
    fail(
      `load has ${describeValue(workers)} workers`,
      `Workers is a whole number from 0 to ${mostWorkers}.`,
      'workers',
    );
  }
  if (workers === 0) return 0;
  if (work.kind !== 'requests' || work.requests.some(({ expectBody }) => expectBody !== undefined)) {
    fail(
      'functions stay in their own thread',
      'Leave workers out, or send requests that are known in advance.',
      'workers',
    );
  }
  if (work.driver.use === 'autocannon')
    fail('autocannon has one thread here', 'Leave workers or the driver out.', 'workers');
  return workers;
}

/** The same load in under a second: a rehearsal. */
export const shortened = (plan: LoadPlan): LoadPlan => ({ ...plan, profile: shortenedProfile(plan.profile) });
