import { parseDuration, usageError, type Nanos } from '@perfkeel/core';
import type { LoadWork } from './load-options.ts';
import { planProfile, shortenedProfile, type LoadProfile } from './profile/load-profile.ts';
import type { LoadPace } from './profile/pace-options.ts';
import { totalDuration } from './profile/phase.ts';
import { shown } from './shown.ts';
import { planWork, type WorkPlan } from './work/plan-work.ts';
import { planRows, type RowsFactory } from './work/rows.ts';

/** Load options that have been understood: base units, defaults filled in, requests ready to send. */
export interface LoadPlan extends WorkPlan {
  readonly profile: LoadProfile;
  readonly rows: RowsFactory;
  readonly timeout: Nanos;
  /** Threads that send beside the main one; 0 when that one does. */
  readonly workers: number;
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
export function planLoad<Row>(options: LoadWork<Row> & LoadPace): LoadPlan {
  const profile = planProfile(options);
  const timeout = parseDuration(options.timeout ?? '10s');
  if (timeout === 0) fail('a timeout of 0 leaves no time to answer', "Write timeout: '10s'.", 'timeout');
  const work = planWork(options, profile, timeout);
  if (totalDuration(profile.phases) + timeout > longestRun) {
    fail('load for more than 20 days is longer than a timer can wait', "Write for: '10s'.", 'for');
  }
  return { profile, ...work, rows: planRows(options.data), timeout, workers: planWorkers(options, work) };
}

/** As many threads as anybody has processors for. */
const mostWorkers = 64;

function planWorkers({ workers = 0 }: { readonly workers?: unknown }, { work }: WorkPlan): number {
  if (typeof workers !== 'number' || !Number.isInteger(workers) || workers < 0 || workers > mostWorkers) {
    fail(`load has ${shown(workers)} workers`, `Workers is a whole number from 0 to ${mostWorkers}.`, 'workers');
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
