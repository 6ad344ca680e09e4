import { setTimeout as sleep } from 'node:timers/promises';
import { PerfError, messageOf } from '@perfkeel/core';
import { createMonitor, type MemoryTimeline } from '../monitor/create-monitor.ts';
import type { MonitorEvent } from '../monitor/monitor-event.ts';
import { startWrapped, type ChildTarget } from '../target/start-child.ts';
import type { TargetEnd } from '../target/memory-target.ts';
import { ApproachWatch, approachShares, cleanUpsOf, type Approach, type CleanUp, type LimitUse } from './approaches.ts';
import { classifyEnd, type ClassifiedEnd } from './classify-end.ts';
import { createControlGroup, type ControlGroup } from './control-group.ts';
import type { SnapshotInfo } from '../snapshot/take-snapshot.ts';
import { createNearSnapshot, type NearSnapshot } from './near-snapshot.ts';
import { createFatalReports, type FatalReports } from './fatal-report.ts';
import { planLimit, type LimitOptions, type LimitPlan } from './limit-plan.ts';

/** How a program fared under a limit, with all that was seen. */
export interface LimitReport extends ClassifiedEnd {
  /** `approached` from 85 % of the limit on; `exceeded` when it ran out of memory. */
  readonly limitWas: 'respected' | 'approached' | 'exceeded';
  /** Bytes, as it was applied. */
  readonly limit: number;
  /** The most that counted against the limit in any sample, in bytes; of a control group, what the kernel tells. */
  readonly peak: number;
  /** In the order of time. */
  readonly approaches: readonly CleanUp[];
  /** Samples, collections and phases until the end; absent when it ended before it was ready. */
  readonly timeline?: MemoryTimeline | undefined;
  /** How it ended by itself. */
  readonly end?: TargetEnd | undefined;
  /** Of `snapshot`: the heap near the limit, or why it was not written down; neither when the limit was never near. */
  readonly snapshot?: SnapshotInfo | undefined;
  readonly snapshotError?: PerfError | undefined;
  /** What `during` or `onApproach` threw while the program lived. */
  readonly workError?: PerfError | undefined;
}

/**
 * Runs a program under a limit of memory. Running out of it is a result, and everything that was seen before is kept.
 *
 * @throws PerfError `target-not-ready`, `no-control-group`; `bad-option`, `bad-target`, `bad-quantity` with exit code 2.
 * @example
 * const { outcome, peak } = await runWithLimit({ module: 'import.js', heapLimit: '64MiB' });
 */
export async function runWithLimit(options: LimitOptions): Promise<LimitReport> {
  const plan = planLimit(options);
  const reports = createFatalReports();
  let group: ControlGroup | undefined;
  try {
    group = plan.cgroup === undefined ? undefined : createControlGroup(plan.cgroup, plan.limit);
    return await runIn(plan, options, reports, group);
  } finally {
    group?.remove();
    reports.remove();
  }
}

interface Seen {
  readonly uses: LimitUse[];
  readonly approaches: Approach[];
  timeline?: MemoryTimeline;
  workError?: PerfError;
  timedOut: boolean;
  /** By itself. */
  end?: TargetEnd;
  near?: NearSnapshot | undefined;
}

async function runIn(
  plan: LimitPlan,
  options: LimitOptions,
  reports: FatalReports,
  group: ControlGroup | undefined,
): Promise<LimitReport> {
  const seen: Seen = { uses: [], approaches: [], timedOut: false };
  const { child, kind, limit } = plan;
  const heapFlag = kind === 'heap' ? [`--max-old-space-size=${limit / 2 ** 20}`] : [];
  const execArgv = child.isNode ? [...child.execArgv, ...heapFlag, ...reports.execArgv] : [];
  const conclude = (): LimitReport => reportOf(plan, seen, reports.event(), group);
  let early: TargetEnd | undefined;
  try {
    const onEnd = (end: TargetEnd): void => void (early = end);
    const target = await startWrapped({ ...child, execArgv }, { before: group?.before, onEnd });
    try {
      await watch(target, plan, options, seen);
    } finally {
      await target.close();
    }
    return conclude();
  } catch (error) {
    // A program may run out of memory before it is ready: that is a result like any other.
    if (early !== undefined) seen.end ??= early;
    const report = conclude();
    if (report.limitWas === 'exceeded') return report;
    throw error;
  }
}

async function watch(target: ChildTarget, plan: LimitPlan, options: LimitOptions, seen: Seen): Promise<void> {
  const { during, onApproach, interval = '100ms' } = options;
  const approachWatch = new ApproachWatch(plan.limit);
  const near = createNearSnapshot(options.snapshot);
  const failed = (error: unknown): void => void (seen.workError ??= workFailed(error));
  const onEvent = (event: MonitorEvent): void => {
    const used = event.type === 'sample' ? usedIn(event, plan) : undefined;
    if (used === undefined) return;
    seen.uses.push({ at: event.at, used });
    for (const approach of approachWatch.see({ at: event.at, used })) {
      seen.approaches.push(approach);
      near.see(approach, target);
      if (onApproach)
        Promise.resolve(approach)
          .then((each) => onApproach(each, target))
          .catch(failed);
    }
  };
  const monitor = createMonitor(target, { interval, onEvent });
  const stop = new AbortController();
  // Once we end it ourselves, its end says nothing.
  const over = target.ended.then((end) => void (stop.signal.aborted || (seen.end = end)));
  // Work of which the program has died fails too, a moment before or after its end is known.
  const work =
    during &&
    Promise.resolve()
      .then(() => during(target, stop.signal))
      .catch(async (error: unknown) => {
        await Promise.race([over, sleep(1000)]);
        if (seen.end === undefined && !stop.signal.aborted) failed(error);
      });
  const timeUp = sleep(plan.timeoutMs, true, { signal: stop.signal }).catch(() => false);
  seen.timedOut = (await Promise.race([over, timeUp, ...(work ? [work] : [])])) === true;
  stop.abort();
  seen.near = await near.result();
  seen.timeline = await monitor.stop();
}

const workFailed = (error: unknown): PerfError =>
  error instanceof PerfError
    ? error
    : new PerfError(`the work under the limit failed: ${messageOf(error)}`, { code: 'work-failed', cause: error });

/** What counts against the limit. */
function usedIn({ heapOld, rss }: { heapOld?: number; rss?: number }, { kind }: LimitPlan): number | undefined {
  return kind === 'heap' ? heapOld : rss;
}

function reportOf(
  { limit }: LimitPlan,
  seen: Seen,
  reportEvent: string | undefined,
  group: ControlGroup | undefined,
): LimitReport {
  const { end, timedOut, uses, approaches, timeline, workError } = seen;
  const classified = classifyEnd({ end, timedOut, oomKills: group?.oomKills(), reportEvent });
  const peak = group?.peak() ?? uses.reduce((most, { used }) => Math.max(most, used), 0);
  const exceeded = classified.outcome === 'js-oom' || classified.outcome === 'kernel-oom';
  return {
    ...classified,
    limitWas: exceeded ? 'exceeded' : peak >= approachShares[1] * limit ? 'approached' : 'respected',
    limit,
    peak,
    approaches: cleanUpsOf(approaches, uses),
    timeline,
    end,
    workError,
    ...seen.near,
  };
}
