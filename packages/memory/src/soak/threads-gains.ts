import type { ThreadsReading } from '../target/agent.ts';
import type { SoakLine } from './soak-line.ts';

/** What the worker threads of a target gained in the phase before one line. */
export interface ThreadsGain {
  /** Bytes; `undefined` where there are no threads. */
  readonly bytes: number | undefined;
  /** Threads of which this line does not tell what they keep. */
  readonly silent: number;
}

/**
 * What the threads gained before each line of one life, by the phase that it belongs to. Of threads that are silent nothing
 * is known until they are heard again. Where both phases passed meanwhile, idle time gains what it gained when it was last
 * heard by itself, and work is blamed for the rest; before that was ever heard nobody is.
 */
export function threadsGains(lines: readonly SoakLine[]): ThreadsGain[] {
  const gains = lines.map(({ silentThreads: silent = 0 }): ThreadsGain => ({
    bytes: silent > 0 ? 0 : undefined,
    silent,
  }));
  let heard = 0;
  let idleGain: number | undefined;
  for (const [i, line] of lines.entries()) {
    if (i === 0 || (line.silentThreads ?? 0) > 0) continue;
    const bytes = gainOf(lines[heard]!, line);
    const phases = new Set(lines.slice(heard + 1, i + 1).map(({ phase }) => phase));
    if (phases.size === 1) {
      gains[i] = { bytes, silent: 0 };
      if (line.phase === 'idle') idleGain = (bytes ?? 0) / (i - heard);
    } else {
      gains[i] = { bytes: 0, silent: 1 };
      if (!phases.has('begin') && idleGain !== undefined) share(gains, lines, [heard, i], bytes ?? 0, idleGain);
    }
    heard = i;
  }
  return gains;
}

/** The last line of each phase gets all that the phase gained. It stays silent: this is a guess, if a good one. */
function share(
  gains: ThreadsGain[],
  lines: readonly SoakLine[],
  [heard, end]: readonly [number, number],
  bytes: number,
  idleGain: number,
): void {
  const missed = lines.slice(heard + 1, end + 1).map(({ phase }) => phase);
  const idle = idleGain * missed.filter((phase) => phase === 'idle').length;
  for (const [phase, gained] of [
    ['idle', idle],
    ['work', bytes - idle],
  ] as const) {
    const at = heard + 1 + missed.lastIndexOf(phase);
    gains[at] = { bytes: gained, silent: Math.max(1, gains[at]!.silent) };
  }
}

/** `level` after a phase with this gain. */
export function threadsMoved({ threads }: ThreadsReading, { bytes, silent }: ThreadsGain): ThreadsReading {
  return {
    ...((threads !== undefined || bytes !== undefined) && { threads: (threads ?? 0) + (bytes ?? 0) }),
    ...(silent > 0 && { silentThreads: silent }),
  };
}

const gainOf = (from: ThreadsReading, to: ThreadsReading): number | undefined =>
  from.threads === undefined && to.threads === undefined ? undefined : (to.threads ?? 0) - (from.threads ?? 0);
