import { readText, type ReadText } from './read-text.ts';

const mount = '/sys/fs/cgroup';

/** The folder of this process in the hierarchy of version 2, from /proc/self/cgroup: the line `0::/path`. */
export function parseOwnGroup(text: string): string | undefined {
  return /^0::(\/.*)$/m.exec(text)?.[1];
}

/**
 * The folders of this process's control group and of all around it, innermost first: each may have a limit of its own.
 * In a container the path may be one that only its host knows; then only the outermost folder is there.
 */
function ownFolders(read: ReadText): string[] {
  const own = parseOwnGroup(read('/proc/self/cgroup') ?? '');
  if (own === undefined) return [];
  const parts = own.split('/').filter((part) => part !== '');
  return parts.map((_, i) => `${mount}/${parts.slice(0, parts.length - i).join('/')}`).concat(mount);
}

/** Reads cpu.max: `max 100000` or `150000 100000`, which is 1.5 processors. */
export function parseProcessorLimit(text: string): number | undefined {
  const [limit, period] = text.split(/\s+/).map(Number);
  return limit! > 0 && period! > 0 ? limit! / period! : undefined;
}

/** How many processors the control groups of this process allow, the tightest of them; `undefined` without a limit. */
export function readProcessorLimit(read: ReadText = readText): number | undefined {
  const limits = ownFolders(read).flatMap((folder) => parseProcessorLimit(read(`${folder}/cpu.max`) ?? '') ?? []);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

/** Reads cpu.stat: how often, and for how many milliseconds on all processors, a group was paused. */
export function parseThrottling(text: string): Throttling | undefined {
  const numberOf = (name: string): string | undefined => new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1];
  const [times, microseconds] = [numberOf('nr_throttled'), numberOf('throttled_usec')];
  return times === undefined || microseconds === undefined
    ? undefined
    : { times: Number(times), pausedMs: Number(microseconds) / 1000 };
}

export interface Throttling {
  readonly times: number;
  readonly pausedMs: number;
}

/** The pauses of this process's control group and of those around it, since they exist; none without a limit. */
export function readThrottling(read: ReadText = readText): Throttling {
  const all = ownFolders(read).flatMap((folder) => parseThrottling(read(`${folder}/cpu.stat`) ?? '') ?? []);
  return {
    times: all.reduce((sum, { times }) => sum + times, 0),
    pausedMs: all.reduce((sum, { pausedMs }) => sum + pausedMs, 0),
  };
}
