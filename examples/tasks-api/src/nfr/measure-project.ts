import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFile } from './run-file.ts';

export interface MeasureOptions {
  /** The command line of perfkeel. */
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
  /** For seconds, with limits for seconds. */
  readonly rehearse: boolean;
  /** Interrupts it, as Ctrl-C does. */
  readonly signal: AbortSignal;
  /** Where its progress goes: the terminal, or nowhere. */
  readonly stdio: 'inherit' | 'ignore';
}

/** Measures the project in a folder; `undefined` when no results came of it. */
export async function measureProject(folder: string, options: MeasureOptions): Promise<RunFile | undefined> {
  const { program, env, rehearse, signal, stdio } = options;
  const began = Date.now();
  const child = spawn(process.execPath, [program, 'run', '--dir', folder], {
    stdio,
    env: { ...env, NFR: rehearse ? 'short' : 'full' },
  });
  const interrupt = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', interrupt, { once: true });
  await once(child, 'exit');
  signal.removeEventListener('abort', interrupt);
  const file = join(folder, '.perf/latest/run.json');
  if (!existsSync(file)) return undefined;
  const run = JSON.parse(readFileSync(file, 'utf8')) as RunFile;
  // Half a run, or an earlier one, says nothing of this one.
  return run.interrupted || Date.parse(run.startedAt) < began - 1000 ? undefined : run;
}
