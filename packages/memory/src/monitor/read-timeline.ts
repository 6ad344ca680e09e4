import { nanos } from '@perfkeel/core';
import type { MemoryTimeline } from './create-monitor.ts';
import { foreign, readLines } from './line-log.ts';
import type { MonitorEvent, MonitorHeader } from './monitor-event.ts';
import { summariseTimeline } from './summarise-timeline.ts';

/**
 * What a monitor stored, also one that was killed: up to its last whole line.
 *
 * @throws PerfError `foreign-log`.
 */
export function readTimeline(file: string): MemoryTimeline {
  const [header, ...events] = readLines(file).values as [MonitorHeader | undefined, ...MonitorEvent[]];
  if (header?.type !== 'monitor') throw foreign(file, 'it does not begin as one of a monitor');
  if (header.version !== 1) throw foreign(file, `it has version ${String(header.version)}, expected 1`);
  const last = events.reduce((latest, { at }) => Math.max(latest, at), 0);
  return { ...header, events, summary: summariseTimeline(events, nanos(last)), dropped: 0 };
}
