import { nanos, type Nanos } from '@perfkeel/core';
import type { EndpointResult, LoadResult, PhaseResult, RequestResult } from '../load-result.ts';
import type { LoadProfile } from '../profile/load-profile.ts';
import { windowsOf } from '../profile/phase.ts';
import type { LoadRecord } from './load-recorder.ts';
import { summariseLoad } from './summarise-load.ts';

/** What can be said of a run that is still under way: how the generator fares is known at its end. */
export type LoadSoFar = Omit<LoadResult, 'health'>;

/**
 * What a run has measured until now. Requests on their way count as dropped: nobody would wait for them any longer.
 *
 * @param courses what is known of the run over time
 * @returns `undefined` before anything was measured
 */
export function loadSoFar(
  { profile, endpoints }: { readonly profile: LoadProfile; readonly endpoints: readonly string[] },
  records: readonly LoadRecord[],
  courses: Pick<LoadResult, 'series' | 'windows'>,
  now: Nanos,
): Omit<LoadSoFar, 'windows'> | undefined {
  const over = profileUntil(profile, now);
  if (!over.phases.some(({ record }) => record)) return undefined;
  const counted = summariseLoad(over, endpoints, records);
  if (counted.responseTime.count === 0) return undefined;
  return {
    ...withoutThoseOnTheirWay(counted),
    phases: counted.phases.map(withoutThoseOnTheirWay<PhaseResult>),
    endpoints: counted.endpoints.map(withoutThoseOnTheirWay<EndpointResult>),
    ...courses,
    ...{ firstMessages: {}, interrupted: true, warnings: [] },
  };
}

/** The phases until a moment, the last of them cut there: rates are over the time that has passed. */
function profileUntil<P extends LoadProfile>(profile: P, now: Nanos): P {
  const windows = windowsOf(profile.phases);
  const phases = profile.phases.flatMap((phase, i) => {
    const passed = Math.min(now, windows[i]!.end) - windows[i]!.start;
    return passed > 0 ? [{ ...phase, duration: nanos(passed) }] : [];
  });
  return { ...profile, phases };
}

const withoutThoseOnTheirWay = <R extends RequestResult>(result: R): R => ({
  ...result,
  dropped: result.scheduled - result.completed - result.failed,
});
