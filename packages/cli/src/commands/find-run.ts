import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { decodeRun, type RunStore } from '@perfkeel/baseline';
import { ExitCode, PerfError, messageOf, type Run } from '@perfkeel/core';

/** A run and the words by which it was found. */
export interface FoundRun {
  readonly run: Run;
  readonly label: string;
}

/** Reads a run.json file. @throws PerfError `corrupt-run` with the path (exit 4). */
async function readRunFile(file: string): Promise<Run> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new PerfError(`cannot read ${file}: ${messageOf(error)}`, { code: 'corrupt-run', cause: error });
  }
  return decodeRun(text, file);
}

/** The run of a baseline, else of an id or its beginning. @throws PerfError when neither is there. */
export async function findRun(store: RunStore, name: string, cwd: string): Promise<FoundRun> {
  if (name.endsWith('.json') && existsSync(resolve(cwd, name))) {
    return { run: await readRunFile(resolve(cwd, name)), label: name };
  }
  const baseline = (await store.listBaselines()).find((candidate) => candidate.name === name);
  if (baseline) return { run: await store.loadRun(baseline.run), label: name };
  return { run: await store.loadRun(name), label: name };
}

/** Like `findRun`, for the side that is compared with: without it the answer is "inconclusive", not "could not measure". */
export async function findBase(store: RunStore, name: string, cwd: string): Promise<FoundRun> {
  const known = (await store.listBaselines()).some((candidate) => candidate.name === name);
  const runs = await store.listRuns();
  const fits =
    known ||
    name.endsWith('.json') ||
    runs.some(({ id, sha }) => id.startsWith(name.toUpperCase()) || sha.startsWith(name.toLowerCase()));
  if (fits) return await findRun(store, name, cwd);
  throw new PerfError(`there is no baseline called ${JSON.stringify(name)}, so nothing can be said about change`, {
    code: 'no-baseline',
    exitCode: ExitCode.Inconclusive,
    hint: `Set one after a run that you trust: perfkeel baseline set ${name}`,
  });
}

/** The newest stored run. @throws PerfError `no-runs` (exit 4). */
export async function newestRun(store: RunStore): Promise<FoundRun> {
  const [newest] = await store.listRuns();
  if (newest) return { run: await store.loadRun(newest.id), label: 'newest run' };
  throw new PerfError('no run is stored here', { code: 'no-runs', hint: 'Measure first: perfkeel run' });
}
