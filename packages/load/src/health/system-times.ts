import { readFileSync, readlinkSync } from 'node:fs';
import { cpus } from 'node:os';

/** What the kernel knows of a thread, in nanoseconds since it began. */
export interface ThreadTimes {
  /** On a processor. */
  readonly ran: number;
  /** Able to run, but without a processor. */
  readonly waited: number;
  /** How often it was given a processor; a plain number. */
  readonly turns: number;
}

/**
 * Reads the times of the thread that calls this, where the system keeps them: on Linux.
 *
 * @returns `undefined` elsewhere, and where the kernel was built without them
 */
export function threadTimes(): ThreadTimes | undefined {
  try {
    const file = `/proc/${readlinkSync('/proc/thread-self')}/schedstat`;
    const [ran, waited, turns] = readFileSync(file, 'utf8').split(' ').map(Number);
    return ran === undefined || waited === undefined || turns === undefined ? undefined : { ran, waited, turns };
  } catch {
    return undefined;
  }
}

/**
 * For how long, in nanoseconds since the system began, at least one program of the whole machine was able to run and had
 * no processor (pressure stall information, Linux since 4.20); `undefined` where nobody tells.
 */
export function pressureTime(): number | undefined {
  try {
    const [, total] = /^some .*total=(\d+)/.exec(readFileSync('/proc/pressure/cpu', 'utf8')) ?? [];
    return total === undefined ? undefined : Number(total) * 1e3;
  } catch {
    return undefined;
  }
}

/** What all processors together did since the system began; in units that differ from system to system. */
export interface ProcessorTimes {
  readonly idle: number;
  readonly all: number;
}

/** With the time that a hypervisor took away, where the system tells: that is none in which anybody could have run. */
export function processorTimes(): ProcessorTimes {
  const times =
    linuxProcessorTimes() ?? cpus().flatMap(({ times }) => [{ idle: times.idle, all: sum(Object.values(times)) }]);
  return { idle: sum(times.map(({ idle }) => idle)), all: sum(times.map(({ all }) => all)) };
}

/** user, nice, system, idle, iowait, irq, softirq, steal; what guests take is in user already. */
function linuxProcessorTimes(): readonly ProcessorTimes[] | undefined {
  try {
    const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
    const times = line.trim().split(/\s+/).slice(1, 9).map(Number);
    return times.length === 8 ? [{ idle: times[3]! + times[4]!, all: sum(times) }] : undefined;
  } catch {
    return undefined;
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
