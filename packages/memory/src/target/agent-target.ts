import type { AgentCall, AgentReading } from './agent.ts';
import { readingOf } from './agent.ts';
import type { MemoryReading, MemoryTarget, ReadOptions, TargetEnd } from './memory-target.ts';
import { readFromOutside } from './process-facts.ts';
import { InspectorClosed } from './inspector/inspector-agent.ts';
import { inspectorClosed, targetEnded, targetSilent } from './target-error.ts';
import { late, within, type Late } from './timer.ts';
import { over, unlessOver } from './unless-over.ts';

interface AgentTargetParts extends Pick<MemoryTarget, 'kind' | 'pid' | 'segment' | 'ended' | 'close'> {
  /** For messages: `process 12`. */
  readonly what: string;
  readonly call: AgentCall;
}

/** A program that does not answer in this time is read from outside. */
const patienceMs = 1000;
const collectPatienceMs = 30_000;
const snapshotPatienceMs = 300_000;

/** A target with an agent inside. At most one reading is under way: one that is late is the answer to the next. */
export function agentTarget({ what, call, kind, pid, segment, ended, close }: AgentTargetParts): MemoryTarget {
  let end: TargetEnd | undefined;
  let pending: Promise<AgentReading> | undefined;
  void ended.then((how) => (end = how));
  const unlessEnded = unlessOver(ended);

  const ask = async <T>(ms: number, begin: () => Promise<T>): Promise<T | Late> => {
    if (end !== undefined) throw targetEnded(what, end);
    const answer = await unlessEnded(within(ms, begin()).catch((error: unknown) => brokenOff(error, ended, what)));
    if (answer === over) throw targetEnded(what, await ended);
    return answer;
  };
  const merged = (told: AgentReading | Late, options: ReadOptions | undefined): MemoryReading => {
    const outside = kind === 'worker' ? {} : readFromOutside(pid, options?.detailed);
    if (told === late) return { ...outside, answered: false, collections: [], dropped: 0 };
    const { rss, ...inside } = readingOf(told);
    // Of a thread, the resident set is not its own.
    return { ...outside, ...inside, ...(kind === 'worker' || rss === undefined ? {} : { rss }) };
  };

  return {
    kind,
    pid,
    segment,
    canCollect: true,
    ended,
    close,
    read: async (options) => {
      try {
        const told = await ask(patienceMs, () => (pending ??= call('read') as Promise<AgentReading>));
        if (told !== late) pending = undefined;
        return merged(told, options);
      } catch (error) {
        pending = undefined;
        throw error;
      }
    },
    collect: async (options) => {
      const told = await ask(collectPatienceMs, () => call('collect') as Promise<AgentReading>);
      if (told === late) throw targetSilent(what, collectPatienceMs / 1000);
      return merged(told, options);
    },
    writeSnapshot: async (file) => {
      const told = await ask(snapshotPatienceMs, () => call('snapshot', file));
      if (told === late) throw targetSilent(what, snapshotPatienceMs / 1000);
    },
    watchCollections: async (on) => {
      const told = await ask(collectPatienceMs, () => call('watch', on));
      if (told === late) throw targetSilent(what, collectPatienceMs / 1000);
    },
  };
}

/** A channel that breaks off mostly does so because the target ends, which is told a moment later. */
async function brokenOff(error: unknown, ended: Promise<TargetEnd>, what: string): Promise<never> {
  const end = await within(patienceMs, ended);
  if (end !== late) throw targetEnded(what, end);
  throw error instanceof InspectorClosed ? inspectorClosed(what) : error;
}
