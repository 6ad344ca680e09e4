import { readdirSync } from 'node:fs';
import type { Finding } from '@perfkeel/core';
import { makeFinding } from './make-finding.ts';
import { readText } from './read-text.ts';

const folder = '/sys/devices/system/cpu';

/** How often the processors have slowed down for heat since the start of the machine; `undefined` where nobody counts. */
export function readHeatEvents(): number | undefined {
  const counts = processorNames().flatMap(
    (name) => readText(`${folder}/${name}/thermal_throttle/core_throttle_count`) ?? [],
  );
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + Number(count), 0);
}

function processorNames(): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^cpu\d+$/.test(name));
  } catch {
    return [];
  }
}

/** A note only: how much slower they became shows in how the same work repeats. */
export function heatFinding(before: number | undefined, after: number | undefined): Finding[] {
  if (before === undefined || after === undefined) return [];
  const times = after - before;
  const value = times === 0 ? 'no slowing down' : `slowed down ${times} times just now`;
  return [makeFinding('heat', 'Heat', times === 0 ? 'ok' : 'note', value, 'Let it cool down, or give it more air.')];
}
