import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { messageOf, msFromNanos, nanos, type Warning } from '@perfkeel/core';
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
/** Of so much time; but a container has to gain some objects in it. */
const mostMs = 5000;
const fewestInTime = 20;
/** Stretches of iterations: one before the first snapshot, two between, and one for the lines. */
const stretches = 4;
const fewestIterations = 10;
/**
 * Of all iterations so far, between two snapshots: an array that is half as large again has then grown once between the
 * first and the last of three, also when it had just done so before the first, a stretch later.
 */
const stepShare = 0.36;

/**
 * Iterations between two snapshots of a leak of so many bytes and milliseconds each; 0 when all of them would take more
 * than half of what is free on the heap: running out of memory would lose the verdict.
 *
 * @param untilStep iterations that it takes for the snapshots to differ at all
 */
export function iterationsBetween(growth: number, free: number, ms = 0, untilStep = 0): number {
  const bytes = Math.max(growth, 1);
  const telling = Math.max(100, Math.min(mostIterations, Math.floor(mostGrowth / bytes)), untilStep);
  const wanted = Math.min(telling, Math.max(fewestInTime, Math.floor(mostMs / ms)));
  const fitting = Math.floor(free / 2 / stretches / bytes);
  return fitting < fewestIterations ? 0 : Math.min(wanted, fitting);
}

function freeOnHeap(): number {
  const { heap_size_limit, used_heap_size } = getHeapStatistics();
  return heap_size_limit - used_heap_size;
}

function msPerIteration({ samples, iterations }: LeakReport): number {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  return iterations > 0 ? msFromNanos(nanos(last.at - first.at)) / iterations : 0;
}

/**
 * Numbers are no objects, and leave nothing but steps of the array that keeps them: one that has taken millions takes
 * as many more before it changes.
 */
export const untilNextStep = ({ channels, samples }: Pick<LeakReport, 'channels' | 'samples'>): number =>
  channels.heap.reason === 'staircase' ? Math.ceil(stepShare * samples.at(-1)!.iterations) : 0;

/** Whether the heap of this process can explain what was found. */
export const isExplainable = ({ verdict, channels, native }: LeakReport): boolean =>
  verdict === 'leak' && !native && channels.heap.verdict === 'leak';

interface ExplainLeak {
  /** The folder in which snapshots stay; `undefined` when they do not. */
  readonly keepSnapshots: string | undefined;
  readonly onStep: (text: string) => void;
}

/** Says what keeps the memory, as remarks. Never fails: a leak without an explanation is still a leak. */
export async function explainLeak(
  work: Work,
  report: LeakReport,
  { keepSnapshots, onStep }: ExplainLeak,
): Promise<Warning[]> {
  try {
    const keepIn = keepSnapshots === undefined ? undefined : resolve(keepSnapshots);
    if (keepIn !== undefined) await mkdir(keepIn, { recursive: true });
    const growth = report.perIteration.value;
    const iterations = iterationsBetween(growth, freeOnHeap(), msPerIteration(report), untilNextStep(report));
    if (iterations === 0) return [noRoom];
    const findings = await explainGrowth({ iterate: work, iterations, keepIn, onStep });
    const found = findings.slice(0, mostFindings).map(findingRemark);
    return [...(found.length > 0 ? found : [nothingFound(iterations)]), ...keptRemark(keepIn)];
  } catch (error) {
    return [{ code: 'not-explained', message: `what keeps the memory could not be told: ${messageOf(error)}` }];
  }
}

const noRoom: Warning = {
  code: 'not-explained',
  message:
    'what keeps the memory could not be told: the iterations that this takes do not fit into the heap; --max-old-space-size=4096 in NODE_OPTIONS makes it larger',
};

const nothingFound = (iterations: number): Warning => ({
  code: 'not-explained',
  message: `what keeps the memory could not be told: no container gained objects, and no array numbers, in three snapshots that are ${iterations} iterations apart. Numbers in a Map or a Set leave no trace; keepSnapshots: '.perf/heap' keeps the snapshots for perfkeel heap top`,
});

function findingRemark({ sentence, remedy }: GrowthFinding, index: number): Warning {
  return { code: numbered('keeps', index), message: `${sentence}. ${remedy}` };
}

const keptRemark = (folder: string | undefined): Warning[] =>
  folder === undefined ? [] : [{ code: 'snapshots-kept', message: `the snapshots are in ${folder}` }];
