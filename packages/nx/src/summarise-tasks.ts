import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PostTasksExecution, PostTasksExecutionContext } from '@nx/devkit';
import { targetNameOf, type PerfPluginOptions } from './options.ts';
import { readResult, type PerfTask } from './read-result.ts';
import { markdownSummary, textTable, type Row } from './table.ts';

/** The parts of what Nx hands to the hook that are used. Nx 20 gives no `startTime`. */
export type FinishedTasks = Pick<PostTasksExecutionContext, 'workspaceRoot' | 'taskResults'> &
  Partial<Pick<PostTasksExecutionContext, 'startTime'>>;

/** Prints a title and the lines below it. */
export type Print = (title: string, lines: readonly string[]) => void | Promise<void>;

/** Where the Markdown of the last summary is, relative to the workspace. */
export const summaryFile = '.perf/summary.md';

/**
 * Nx calls this when its tasks have ended. A summary must never decide the outcome of the command, so whatever goes
 * wrong is said and not thrown.
 */
export const postTasksExecution: PostTasksExecution<PerfPluginOptions> = async (options, context) => {
  try {
    await summariseTasks(options, context, printThroughNx);
  } catch {
    // Not even the printer works: there is nobody left to tell.
  }
};

/** Merges the results of every perf task of one Nx command: one table, and `.perf/summary.md` in the workspace. */
export async function summariseTasks(
  options: PerfPluginOptions | undefined,
  tasks: FinishedTasks,
  print: Print,
): Promise<void> {
  try {
    const rows = await readRows(targetNameOf(options), tasks);
    if (rows.length === 0) return;
    const trailer = await writeSummary(tasks.workspaceRoot, rows);
    await print(titleOf(rows), [...textTable(rows), '', trailer]);
  } catch (error) {
    await print('Performance: no summary', [messageOf(error)]);
  }
}

async function readRows(targetName: string, tasks: FinishedTasks): Promise<Row[]> {
  const found = Object.values(tasks.taskResults).filter(({ task }) => task.target.target === targetName);
  const rows = found.map(async ({ task, status }) => {
    const folder = task.projectRoot ?? '.';
    const since = task.startTime ?? tasks.startTime ?? performance.timeOrigin;
    const root = join(tasks.workspaceRoot, folder);
    const perfTask: PerfTask = { project: task.target.project, root, status, since };
    const result = await readResult(perfTask);
    return result === undefined ? [] : [{ project: perfTask.project, folder, result }];
  });
  return (await Promise.all(rows)).flat().sort((a, b) => (a.project < b.project ? -1 : 1));
}

function titleOf(rows: readonly Row[]): string {
  const words = rows.map(({ result }) => (result.kind === 'measured' ? result.verdict : result.kind));
  const counts = [...new Set(words)].map((word) => `${words.filter((other) => other === word).length} ${word}`);
  return `Performance of ${rows.length} project${rows.length === 1 ? '' : 's'}: ${counts.join(', ')}`;
}

async function writeSummary(workspaceRoot: string, rows: readonly Row[]): Promise<string> {
  try {
    const file = join(workspaceRoot, summaryFile);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, markdownSummary(rows));
    return `Summary: ${summaryFile}`;
  } catch (error) {
    return `Could not write ${summaryFile}: ${messageOf(error)}`;
  }
}

/** Loads Nx's own output only when there is something to print: every Nx command loads the plugin. */
async function printThroughNx(title: string, lines: readonly string[]): Promise<void> {
  const { output } = await import('@nx/devkit');
  output.log({ title, bodyLines: [...lines] });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
