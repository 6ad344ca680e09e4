import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { formatQuantity, type Finding, type Fitness } from '@perfkeel/core';
import { clockFindings } from './clock-findings.ts';
import { readProcessorLimit } from './control-group.ts';
import { makeFinding, statusOf } from './make-finding.ts';
import { nodeFindings } from './node-findings.ts';
import { quietFindings } from './quiet-findings.ts';
import { probeQuietly } from './quiet-probe.ts';
import { repeatWork } from './repeat-work.ts';
import { smallestChange } from './smallest-change.ts';
import { spinFindings } from './spin-findings.ts';
import { probeSpins } from './spin-probe.ts';
import { systemFindings } from './system-findings.ts';
import { heatFinding, readHeatEvents } from './thermal.ts';

export interface ExamineOptions {
  /** Looks longer, and finds the smallest change that this machine can show: some seconds. @default false */
  readonly thorough?: boolean;
}

/** Milliseconds of each look, and fresh processes that repeat work. */
const brief = { quietMs: 250, spinMs: 350, processes: 0 };
const thorough = { quietMs: 700, spinMs: 1000, processes: 10 };
type Plan = typeof brief;
/** A look that takes longer was not disturbed for a moment only. */
const patienceMs = 1000;

/**
 * Looks at what disturbs measurements on this machine now. A brief look takes about a second, most of it spent in doing
 * nothing and then in spinning a thread on every processor at once.
 *
 * A machine that a brief look finds unfit is looked at once more: what is over by then did no harm. Never throws; what
 * cannot be read here is not among the findings.
 */
export async function examineMachine(options: ExamineOptions = {}): Promise<Fitness> {
  const plan = options.thorough ? thorough : brief;
  const begun = performance.now();
  const first = await look(plan);
  const again = !first.fit && !options.thorough && performance.now() - begun < patienceMs;
  return again ? await look(plan) : first;
}

async function look(plan: Plan): Promise<Fitness> {
  const processors = availableParallelism();
  const heat = readHeatEvents();
  const quiet = await probeQuietly(plan.quietMs, processors);
  const findings = [
    ...(await spinsOf(plan, processors)),
    ...quietFindings(quiet, processors),
    ...heatFinding(heat, readHeatEvents()),
    ...clockFindings(),
    ...systemFindings(processors),
    ...nodeFindings(),
  ];
  const change = await changeOf(plan);
  if (change !== undefined) findings.unshift(changeFinding(change));
  return {
    fit: !findings.some(({ status }) => status === 'unfit'),
    ...(change === undefined ? {} : { smallestChange: change }),
    findings,
  };
}

async function spinsOf({ spinMs }: Plan, processors: number): Promise<Finding[]> {
  // Spinning on more than the quota allows would measure the quota; a tenth of it is left to this thread.
  const quota = readProcessorLimit();
  const threads = Math.min(processors, Math.floor((quota ?? Infinity) * 0.9));
  try {
    return spinFindings(await probeSpins(threads, spinMs), quota);
  } catch {
    const advice = 'Threads cannot be started here, so that nothing is known of other programs.';
    return [makeFinding('share', 'Processor share', 'note', 'could not be measured', advice)];
  }
}

async function changeOf({ processes }: Plan): Promise<number | undefined> {
  if (processes === 0) return undefined;
  try {
    return smallestChange(await repeatWork(processes));
  } catch {
    return undefined;
  }
}

function changeFinding(change: number): Finding {
  return makeFinding(
    'smallest-change',
    'Smallest change',
    statusOf(change, { note: 0.05, unfit: 0.2 }),
    `${formatQuantity(change, 'ratio')} between five fresh processes and five others that do the same work`,
    'Smaller changes stay hidden in noise; more rounds show smaller ones.',
  );
}
