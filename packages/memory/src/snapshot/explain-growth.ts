import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usageError } from '@perfkeel/core';
import { allocationProfile } from './allocation-profile.ts';
import type { AllocationSite } from './allocation-site.ts';
import { diffGrowth } from './diff-growth.ts';
import type { GrowthFinding } from './growth/growth-finding.ts';
import { fileText } from './growth/place.ts';
import { ownProcess, type SnapshotSource } from './snapshot-source.ts';
import { takeSnapshot } from './take-snapshot.ts';

export interface ExplainGrowthOptions {
  /** Runs this many iterations of what leaks, and comes back when they are done. */
  readonly iterate: (iterations: number) => unknown;
  /** Iterations between two snapshots, of which there are three. @default 500 */
  readonly iterations?: number | undefined;
  /** Where the leak is. Only in this process are allocations sampled. @default this process */
  readonly source?: SnapshotSource | undefined;
  /** Also when memory may not suffice for a snapshot. @default false */
  readonly force?: boolean | undefined;
  /** Keeps the snapshots in this folder, compressed. @default they are removed */
  readonly keepIn?: string | undefined;
  /** Told what comes next, such as `looking for what grows: 2 of 5`; some steps take many seconds. */
  readonly onStep?: ((text: string) => void) | undefined;
}

/** Three snapshots, their comparison, and the profile. */
const steps = 5;

const defaultIterations = 500;
/** A stretch keeps some hundred kilobytes at least, and nobody waits for it as for a measurement. */
const samplingBytes = 2048;
/** Code that is not optimised may take ten times as long. */
const longestProfileMs = 5000;
const profileBlocks = 20;
/** Places that allocated less than this part of all growth are left out of findings. */
const tellingPart = 0.1;

/**
 * Says what keeps the memory of an iteration that leaks: three snapshots, the same number of iterations apart, and what
 * a sampling profile of the last stretch says about the lines that allocated it. An empty list when no container on the
 * heap grows. To be asked after a verdict of leak, when latency no longer matters.
 *
 * @throws PerfError `bad-option`, exit code 2; what `takeSnapshot` throws; and what `iterate` throws, as it is.
 * @example
 * const [worst] = await explainGrowth({ iterate: async (n) => { while (n-- > 0) await handle(request); } });
 * worst?.sentence; // "Map (cache), kept by module app/cache.ts: +1 Entry, 312 B per iteration"
 */
export async function explainGrowth(options: ExplainGrowthOptions): Promise<GrowthFinding[]> {
  const { iterate, iterations = defaultIterations, source = ownProcess, force, keepIn, onStep } = options;
  refuseWrong(iterate, iterations);
  const folder = keepIn ?? (await mkdtemp(join(tmpdir(), 'perfkeel-heap-')));
  const kept = keepIn === undefined ? '' : '.br';
  const files = [1, 2, 3].map((number) => join(folder, `growth-${process.pid}-${number}.heapsnapshot${kept}`));
  const step = (number: number): unknown => onStep?.(`looking for what grows: ${number} of ${steps}`);
  try {
    step(1);
    // What runs for the first time leaves compiled code behind, and the first growth of tables.
    await iterate(iterations);
    for (const [i, file] of files.entries()) {
      if (i > 0) {
        step(i + 1);
        await iterate(iterations);
      }
      await takeSnapshot(file, { source, force });
    }
    step(4);
    const findings = await diffGrowth(files, { iterationsBetween: iterations });
    if (source !== ownProcess || findings.length === 0) return findings;
    step(steps);
    return withSites(findings, await sitesOf(iterate, iterations));
  } finally {
    if (keepIn === undefined) await rm(folder, { recursive: true, force: true });
  }
}

function refuseWrong(iterate: unknown, iterations: number): void {
  if (typeof iterate !== 'function') {
    const hint = 'Write iterate: (n) => { for (let i = 0; i < n; i++) handle(request); }.';
    throw usageError(`iterate is ${typeof iterate}, not a function`, { code: 'bad-option', hint, excerpt: 'iterate' });
  }
  if (!Number.isInteger(iterations) || iterations < 10) {
    const hint = 'Iterations is a whole number from 10 upwards; some hundreds tell growth from chance.';
    throw usageError(`iterations is ${iterations}`, { code: 'bad-option', hint, excerpt: 'iterations' });
  }
}

/** Last of all: what runs next has to be optimised anew. */
async function sitesOf(
  iterate: ExplainGrowthOptions['iterate'],
  iterations: number,
): Promise<readonly AllocationSite[]> {
  const profile = await allocationProfile({ optimised: false, intervalBytes: samplingBytes });
  try {
    await profile.mark();
    const until = performance.now() + longestProfileMs;
    let done = 0;
    while (done < iterations && (done === 0 || performance.now() < until)) {
      const block = Math.min(iterations - done, Math.ceil(iterations / profileBlocks));
      await iterate(block);
      done += block;
    }
    return await profile.diff(done);
  } finally {
    await profile.stop();
  }
}

/** Samples name no container: the places of the whole growth stand with the largest finding. */
function withSites(findings: GrowthFinding[], sites: readonly AllocationSite[]): GrowthFinding[] {
  const [first, ...rest] = findings;
  if (first === undefined) return [];
  const all = sites.reduce((sum, { bytesPerIteration }) => sum + bytesPerIteration, 0);
  const telling = sites.filter(({ bytesPerIteration }) => bytesPerIteration >= tellingPart * all);
  const [top] = telling;
  if (top === undefined) return findings;
  const sentence = `${first.sentence}; allocated at ${fileText(top.url)}:${top.line}`;
  return [{ ...first, allocatedAt: telling, sentence }, ...rest];
}
