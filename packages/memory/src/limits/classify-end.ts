import type { TargetEnd } from '../target/memory-target.ts';

/**
 * How a program fared under a limit.
 *
 * - `ok`: it did its work, or ended with code 0
 * - `js-oom`: the JavaScript engine gave up at its heap limit, of the program or of a worker of it
 * - `kernel-oom`: the system killed it, or a process that it started, at the limit of its control group
 * - `crash`: it ended otherwise
 * - `timeout`: it was still at work when its time was over
 */
export type LimitOutcome = 'ok' | 'js-oom' | 'kernel-oom' | 'crash' | 'timeout';

/** What is known of an end. */
export interface EndFacts {
  /** Of the program by itself; `undefined` when it lived until we ended it. */
  readonly end?: TargetEnd | undefined;
  readonly timedOut?: boolean;
  /** Kills for want of memory in its control group, where one is known. */
  readonly oomKills?: number | undefined;
  /** The event of a report that Node wrote when it died. */
  readonly reportEvent?: string | undefined;
}

export interface ClassifiedEnd {
  readonly outcome: LimitOutcome;
  /** The evidence, in words. */
  readonly because: string;
}

const engineGaveUp = /heap out of memory|Reached heap limit|Ineffective mark-compacts near heap limit/i;
/** How an engine gives up: by a signal; behind a shell or on Windows by a code. A program's own words count for nothing. */
const abortSignals = new Set(['SIGABRT', 'SIGTRAP', 'SIGILL']);
const abortCodes = new Set([132, 133, 134, 0x8000_0003, 0xc000_0409]);
const workerGaveUp = /ERR_WORKER_OUT_OF_MEMORY/;

/**
 * Tells an engine that gave up from a kill by the system. A SIGKILL alone proves nothing: anybody can send one.
 *
 * Pure.
 */
export function classifyEnd({ end, timedOut = false, oomKills = 0, reportEvent = '' }: EndFacts): ClassifiedEnd {
  const { code, signal, how, stderr = '' } = end ?? {};
  // A kill in the control group counts even when the program itself survived the loss of a process that it started.
  if (oomKills > 0) return { outcome: 'kernel-oom', because: `${how ?? 'it lived'}, ${kills(oomKills)} in its group` };
  if (end === undefined) {
    return timedOut
      ? { outcome: 'timeout', because: 'its time was over' }
      : { outcome: 'ok', because: 'it lived until its work was done' };
  }
  const aborted = abortSignals.has(signal ?? '') || abortCodes.has(code ?? 0);
  const said = engineGaveUp.exec(reportEvent)?.[0] ?? engineGaveUp.exec(stderr)?.[0];
  if (aborted && said !== undefined) return { outcome: 'js-oom', because: `it ${how}: ${said}` };
  if (code !== 0 && workerGaveUp.test(stderr)) return { outcome: 'js-oom', because: `it ${how}: a worker's heap` };
  if (code === 0) return { outcome: 'ok', because: 'it exited with code 0' };
  const killed = signal === 'SIGKILL' || code === 137;
  const unknown = killed ? ', and no control group tells of a kill for want of memory' : '';
  return { outcome: 'crash', because: `it ${how}${unknown}` };
}

const kills = (count: number): string =>
  count === 1 ? 'one kill for want of memory' : `${count} kills for want of memory`;
