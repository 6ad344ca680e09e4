import { formatNumber, formatQuantity, nanos } from '@perfkeel/core';
import { failureKinds } from '../../../failure.ts';
import type { LoadInterval } from '../../../record/load-series.ts';
import type { Analyser } from '../diagnosis.ts';
import type { ServerSignals } from '../../signals/server-signals.ts';
import type { Facts } from '../facts.ts';

/** Shares in [0, 1]; fewer failures, or a shorter run, have no course. */
const limits = {
  failures: 10,
  intervals: 6,
  /** Of all failures, within that share of the time; and of the requests that ended there. */
  gathered: 0.8,
  ofTime: 1 / 3,
  failing: 0.1,
} as const;

/** Neighbouring intervals, with what failed in them and what ended at all. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly failed: number;
  readonly ended: number;
}

const failedIn = (course: readonly LoadInterval[]): number => course.reduce((sum, { failed }) => sum + failed, 0);

/** The shortest stretch that holds most of the failures. */
function shortestStretch(course: readonly LoadInterval[], wanted: number): Stretch {
  let best: Stretch | undefined;
  let [from, failed] = [0, 0];
  for (let to = 0; to < course.length; to++) {
    failed += course[to]!.failed;
    for (; failed - course[from]!.failed >= wanted; from++) failed -= course[from]!.failed;
    if (failed < wanted || (best !== undefined && to - from >= best.to - best.from)) continue;
    const ended = course.slice(from, to + 1).reduce((sum, each) => sum + each.completed + each.failed, 0);
    best = { from, to, failed, ended };
  }
  return best!;
}

/** What the target told of that time, and not of the others. */
function companion(facts: Facts, start: number, end: number): string {
  const isThen = (told: ServerSignals): boolean => told.start < end && told.end > start;
  const [then, else_] = [facts.course.filter(isThen), facts.course.filter((told) => !isThen(told))];
  const isNew = (is: (told: ServerSignals) => boolean): boolean => then.some(is) && !else_.some(is);
  if (isNew(({ restarted }) => restarted === true))
    return '; what the target counts began again at zero then: it was restarted';
  if (isNew(({ loopUtilisation = 0 }) => loopUtilisation > 0.95)) return '; its event loop had no rest then';
  if (isNew(({ poolWaiting }) => poolWaiting !== undefined && poolWaiting.max >= 2))
    return '; work waited for pooled connections then, and at no other time';
  return '';
}

const time = (ns: number): string => formatQuantity(ns, 'ns');

/** Failures that came together, and not all along. */
export const errorBurst: Analyser = {
  id: 'error-burst',
  causes: ['tail-only'],
  examine(facts) {
    const { course, failures, mean, failed: all, requests } = facts.client;
    const failed = failedIn(course);
    if (failed < limits.failures || course.length < limits.intervals) return undefined;
    const stretch = shortestStretch(course, limits.gathered * failed);
    const isShort = stretch.to - stretch.from + 1 <= limits.ofTime * course.length;
    if (!isShort || !(stretch.failed >= limits.failing * stretch.ended)) return undefined;
    const [start, end] = [course[stretch.from]!.start, course[stretch.to]!.end];
    const kind = [...failureKinds].sort((a, b) => failures[b] - failures[a])[0]!;
    return {
      cost: nanos(Math.min(all / Math.max(requests, 1), 1) * mean),
      certainty: 'likely',
      evidence: `${formatNumber(stretch.failed)} of ${formatNumber(failed)} failures came within ${time(end - start)}, from ${time(start)} on: ${formatQuantity(stretch.failed / stretch.ended, 'ratio')} of what ended then, mostly as ${kind}${companion(facts, start, end)}`,
      remedies: [
        'Look into the log of the target at that time: for a restart, a deployment, or something it depends on that was away.',
        'See which limit was reached then: of connections, of a queue, of requests a second, of memory.',
      ],
    };
  },
};
