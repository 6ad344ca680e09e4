import { readText, type ReadText } from './read-text.ts';

/** Processor time since the machine started: milliseconds, summed over the processors that this process may use. */
export interface ProcessorTimes {
  readonly processors: number;
  /**
   * Spent in programs and in the kernel for them. Without interrupts: the kernel does the network's work there, and
   * what it does for a benchmark would look like somebody else's.
   */
  readonly busyMs: number;
  /** Taken by other virtual machines of the same host while this one wanted to run. */
  readonly stolenMs: number;
}

/** Linux shows ticks of a hundredth of a second to programs, whatever the kernel counts with. */
export const tickMs = 10;

/** Reads a list of processors such as `0-3,8`. */
export function parseProcessorList(text: string): Set<number> {
  const ranges = text.split(',').map((range) => range.split('-').map(Number));
  return new Set(
    ranges.flatMap(([first = NaN, last = first]) =>
      Array.from({ length: Math.max(0, last - first + 1) || 0 }, (_, i) => first + i),
    ),
  );
}

/** Reads the lines `cpu<n> user nice system idle iowait irq softirq steal …` of /proc/stat for some processors. */
export function parseProcessorTimes(text: string, wanted?: ReadonlySet<number>): ProcessorTimes | undefined {
  const lines = [...text.matchAll(/^cpu(\d+) (.*)$/gm)].filter(([, n]) => !wanted || wanted.has(Number(n)));
  if (lines.length === 0) return undefined;
  const ticks = { busy: 0, stolen: 0 };
  for (const [, , counts = ''] of lines) {
    const [user = 0, nice = 0, system = 0, , , , , steal = 0] = counts.split(/\s+/).map(Number);
    ticks.busy += user + nice + system;
    ticks.stolen += steal;
  }
  return { processors: lines.length, busyMs: ticks.busy * tickMs, stolenMs: ticks.stolen * tickMs };
}

export function readProcessorTimes(read: ReadText = readText): ProcessorTimes | undefined {
  const [, allowed] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(read('/proc/self/status') ?? '') ?? [];
  return parseProcessorTimes(read('/proc/stat') ?? '', allowed === undefined ? undefined : parseProcessorList(allowed));
}
