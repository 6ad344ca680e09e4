import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRun } from './parse-run.ts';
import type { Result } from './result.ts';

/** A perf task as Nx reports it. */
export interface PerfTask {
  readonly project: string;
  /** Absolute. */
  readonly root: string;
  /** Nx's word: success, failure, skipped, or one of the kinds of cache. */
  readonly status: string;
  /** Milliseconds since 1970. A result from before is of another run. */
  readonly since: number;
}

/** Where `perfkeel run` leaves its newest result, relative to the project. */
const latestRun = join('.perf', 'latest', 'run.json');
/** The same for what `perfkeel run --affected` chose. */
const latestSelection = join('.perf', 'latest', 'affected.json');

/**
 * What a task left behind, or `undefined` when it has nothing to do with perfkeel: a target of the same name, in a
 * project that has neither a perf.config nor a result.
 */
export async function readResult(task: PerfTask): Promise<Result | undefined> {
  const run = await readNewRun(task);
  if (run !== undefined || !(await isMeasured(task.root))) return run;
  if (await chooseNothing(task)) return { kind: 'not affected', why: 'no changed input' };
  return { kind: 'did not run', why: whyNot(task) };
}

/** `undefined` when this task has left no result. */
async function readNewRun(task: PerfTask): Promise<Result | undefined> {
  if (neverStarted(task)) return undefined;
  const file = join(task.root, latestRun);
  try {
    const { mtimeMs } = await stat(file);
    const text = await readFile(file, 'utf8');
    return mtimeMs >= task.since || startedAt(text) >= task.since ? parseRun(text) : undefined;
  } catch (error) {
    return isAbsent(error) ? undefined : { kind: 'unreadable', why: `run.json: ${messageOf(error)}` };
  }
}

/** Whether `perfkeel run --affected` looked, and found that no perf file can be affected. */
async function chooseNothing(task: PerfTask): Promise<boolean> {
  if (neverStarted(task) || task.status !== 'success') return false;
  const file = join(task.root, latestSelection);
  try {
    if ((await stat(file)).mtimeMs < task.since) return false;
    const { choices } = JSON.parse(await readFile(file, 'utf8')) as { choices: { decision: string }[] };
    return choices.length > 0 && choices.every(({ decision }) => decision === 'skip');
  } catch {
    return false;
  }
}

/** From a cache, Nx restores a result with the time of now, so that its age says nothing. */
const neverStarted = ({ status }: PerfTask): boolean => status === 'skipped' || status.includes('cache');

/** Milliseconds since 1970 as the run itself says, for file systems that keep times to the second; NaN without one. */
function startedAt(text: string): number {
  return Date.parse(/"startedAt"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? '');
}

function whyNot({ status }: PerfTask): string {
  if (status === 'skipped') return 'a task that it depends on failed';
  if (status.includes('cache')) return 'Nx replayed an old result: set "cache": false for this target';
  if (status === 'success') return 'the task succeeded without writing .perf/latest/run.json';
  return 'the task failed before there was a result; its output says why';
}

/** Whether a project is one of perfkeel's: it has a perf.config, or was measured before. */
async function isMeasured(root: string): Promise<boolean> {
  const names = await readdir(root).catch(() => []);
  return names.some((name) => /^perf\.config\.[cm]?[jt]s$/.test(name)) || existsSync(join(root, latestRun));
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
