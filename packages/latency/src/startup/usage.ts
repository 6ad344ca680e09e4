/** What a start took of the machine; a part that the platform does not tell is left out. */
export interface Usage {
  /** Nanoseconds of processor time, user and system, of the program and of what it started. */
  readonly cpuTime?: number | undefined;
  readonly userTime?: number | undefined;
  readonly systemTime?: number | undefined;
  /** Bytes: the largest resident set size of any of its processes. */
  readonly maxRss?: number | undefined;
}

/**
 * A total split into user and system time as the kernel counted both. What it did not count, having rounded both down,
 * belongs half to each.
 *
 * @param rounded whether `user` and `system` were rounded down
 */
export function splitCpu(cpuTime: number, user: number, system: number, rounded = false): Usage {
  const counted = user + system;
  if (rounded && counted <= cpuTime) {
    const half = (cpuTime - counted) / 2;
    return { cpuTime, userTime: user + half, systemTime: system + half };
  }
  if (!(counted > 0)) return { cpuTime };
  return { cpuTime, userTime: (cpuTime * user) / counted, systemTime: (cpuTime * system) / counted };
}
