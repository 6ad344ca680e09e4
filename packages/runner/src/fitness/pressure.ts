import { readText, type ReadText } from './read-text.ts';

export type Resource = 'cpu' | 'memory' | 'io';

/** Linux pressure stall information: how long some task stood still for want of a resource. */
export interface Pressure {
  /** The share of the last ten seconds, in [0, 1]. */
  readonly recent: number;
  /** Milliseconds since the machine started. */
  readonly totalMs: number;
}

/** Reads the line `some avg10=1.23 avg60=… avg300=… total=<microseconds>`. */
export function parsePressure(text: string): Pressure | undefined {
  const [, percent, total] = /^some avg10=([\d.]+) .*total=(\d+)/m.exec(text) ?? [];
  return percent === undefined ? undefined : { recent: Number(percent) / 100, totalMs: Number(total) / 1000 };
}

export function readPressure(resource: Resource, read: ReadText = readText): Pressure | undefined {
  const text = read(`/proc/pressure/${resource}`);
  return text === undefined ? undefined : parsePressure(text);
}

/** The share of the last ten seconds in which some task waited for a processor; `undefined` where nobody counts it. */
export const cpuPressure = (): number | undefined => readPressure('cpu')?.recent;
