import type { MemoryReading, MemoryTarget, TargetEnd } from './memory-target.ts';
import { expectProcess, readFromOutside, segmentOf, startOf } from './process-facts.ts';
import { cannotCollect, targetEnded } from './target-error.ts';

const lookMs = 250;

/**
 * Any process in any language, by what the operating system tells: `rss`, `fds` and, in detailed readings, `pss` and
 * `privateDirty`. A number that meanwhile belongs to another process counts as ended.
 *
 * @throws PerfError `no-such-process`, `process-not-ours`; `bad-target` with exit code 2.
 */
export function watchPid(pid: number): MemoryTarget {
  const segment = expectProcess(pid);
  const what = `process ${pid}`;
  const { ended, isOver, stop } = noticeEnd(pid, segment);
  return {
    kind: 'pid',
    pid,
    segment,
    canCollect: false,
    ended,
    read: (options) => {
      if (isOver()) return Promise.reject(targetEnded(what, gone));
      const channels = readFromOutside(pid, options?.detailed);
      const reading: MemoryReading = { ...channels, answered: false, collections: [], dropped: 0 };
      return Promise.resolve(reading);
    },
    collect: () => Promise.reject(cannotCollect(what)),
    watchCollections: () => Promise.resolve(),
    close: () => Promise.resolve(stop()),
  };
}

const gone: TargetEnd = { how: 'ended' };

export interface EndNotice {
  readonly ended: Promise<TargetEnd>;
  /** Looks now. */
  readonly isOver: () => boolean;
  readonly stop: () => void;
}

/** Looks four times a second whether a process that is not our child still lives the same life. */
export function noticeEnd(pid: number, segment: string): EndNotice {
  let settle: (end: TargetEnd) => void;
  const ended = new Promise<TargetEnd>((resolve) => (settle = resolve));
  const isOver = (): boolean => {
    const start = startOf(pid);
    const over = start === undefined || segmentOf(pid, start) !== segment;
    if (over) {
      clearInterval(timer);
      settle(gone);
    }
    return over;
  };
  const timer = setInterval(isOver, lookMs).unref();
  return { ended, isOver, stop: () => clearInterval(timer) };
}
