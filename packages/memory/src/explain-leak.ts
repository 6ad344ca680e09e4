import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf, type Warning } from '@perfkeel/core';
import type { LeakReport } from './detect-leak.ts';
import { numbered } from './leak-measurements.ts';
import type { Work } from './repeat.ts';
import { explainGrowth } from './snapshot/explain-growth.ts';
import type { GrowthFinding } from './snapshot/growth/growth-finding.ts';

/** Findings beyond these explain little, and are left out of a report. */
const mostFindings = 3;
/** Between two snapshots: some hundreds tell growth from chance, and more than a few megabytes make them dear. */
const mostIterations = 2000;
const mostGrowth = 8 * 2 ** 20;

/** Whether the heap of this process can explain what was found. */
export const isExplainable = ({ verdict, channels, native }: LeakReport): boolean =>
  verdict === 'leak' && !native && channels.heap.verdict === 'leak';

/** Says what keeps the memory, as remarks. Never fails: a leak without an explanation is still a leak. */
export async function explainLeak(
  work: Work,
  { perIteration }: LeakReport,
  keepSnapshots?: string,
): Promise<Warning[]> {
  try {
    const keepIn = keepSnapshots === undefined ? undefined : resolve(keepSnapshots);
    if (keepIn !== undefined) await mkdir(keepIn, { recursive: true });
    const room = Math.floor(mostGrowth / Math.max(perIteration.value, 1));
    const findings = await explainGrowth({
      iterate: work,
      iterations: Math.max(100, Math.min(mostIterations, room)),
      keepIn,
    });
    return [...findings.slice(0, mostFindings).map(findingRemark), ...keptRemark(keepIn)];
  } catch (error) {
    return [{ code: 'not-explained', message: `what keeps the memory could not be told: ${messageOf(error)}` }];
  }
}

function findingRemark({ sentence, remedy }: GrowthFinding, index: number): Warning {
  return { code: numbered('keeps', index), message: `${sentence}. ${remedy}` };
}

const keptRemark = (folder: string | undefined): Warning[] =>
  folder === undefined ? [] : [{ code: 'snapshots-kept', message: `the snapshots are in ${folder}` }];
