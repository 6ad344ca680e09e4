import { perSecond, type Nanos } from '@perfkeel/core';
import type { EndpointResult, LoadResult, PhaseResult, RequestResult } from '../load-result.ts';
import type { LoadProfile } from '../profile/load-profile.ts';
import { recordedDuration, windowsOf } from '../profile/phase.ts';
import type { LoadRecord } from './load-recorder.ts';
import { sumConnections } from './connection-tally.ts';
import { sumTallies, type Tally, type Totals } from './tally.ts';

/** The part of a result that comes from what was counted. */
export type Counted = Omit<LoadResult, 'firstMessages' | 'health' | 'interrupted' | 'series' | 'warnings' | 'windows'>;

/**
 * Adds up what was counted; unmeasured phases are left out.
 *
 * @param records one of each thread that sent
 */
export function summariseLoad(
  { model, phases }: LoadProfile,
  endpoints: readonly string[],
  records: readonly LoadRecord[],
): Counted {
  const windows = windowsOf(phases);
  const measured = phases.flatMap(({ name, duration, record }, i) =>
    record ? [{ name, start: windows[i]!.start, duration, tallies: records.map((one) => one.phases[i]!) }] : [],
  );
  const result = (tallies: readonly Tally[], duration: Nanos) => timedResult(model, sumTallies(tallies), duration);
  return {
    model,
    ...result(
      measured.flatMap(({ tallies }) => tallies),
      recordedDuration(phases),
    ),
    phases: measured.map(({ name, start, duration, tallies }) => ({ name, start, ...result(tallies, duration) })),
    connections: sumConnections(records.map((one) => one.connections)),
    endpoints: endpoints.map((name, i): EndpointResult => ({
      name,
      ...requestResult(sumTallies(records.map((one) => one.endpoints[i]!))),
    })),
  };
}

function requestResult(totals: Totals): RequestResult {
  const { sent, unsent, completed, failed, dropped, retried, replayed, failures, statuses, responseTime } = totals;
  const censored = failed - failures.status - failures.body;
  const counts = { scheduled: sent + unsent, completed, failed, retried, replayed, dropped, censored };
  return { ...counts, failures, statuses, responseTime };
}

function timedResult(
  model: LoadProfile['model'],
  totals: Totals,
  duration: Nanos,
): Omit<PhaseResult, 'name' | 'start'> {
  const { serviceTime, scheduleLag, connectionWait, firstByte, wrongAnswerTime } = totals;
  const { completedInWindow, sentInTime } = totals;
  const requests = requestResult(totals);
  const open = model === 'open';
  return {
    ...requests,
    duration,
    serviceTime,
    scheduleLag: open ? scheduleLag : undefined,
    connectionWait,
    firstByte,
    wrongAnswerTime,
    throughput: perSecond(Math.min(completedInWindow, requests.completed) / (duration / 1e9)),
    achieved: open && requests.scheduled > 0 ? sentInTime / requests.scheduled : undefined,
  };
}
