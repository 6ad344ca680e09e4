import { execFile } from 'node:child_process';
import { PerfError } from '@perfkeel/core';

/** How a program is started that the two sides need: git, a package manager, a build. */
export interface CommandOptions {
  readonly cwd: string;
  readonly signal?: AbortSignal | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** What is written to it. */
  readonly input?: string | undefined;
}

/** What a program printed, and how it ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const mostOutput = 256 * 2 ** 20;

/** Runs a program to its end. Never throws for its exit code. @throws PerfError when it cannot be started. */
export function runCommand(program: string, words: readonly string[], options: CommandOptions): Promise<Ended> {
  const { cwd, signal, env, input } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...words],
      { cwd, signal, env: env ?? process.env, maxBuffer: mostOutput, windowsHide: true },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code;
        if (typeof code === 'number') resolve({ code, stdout, stderr });
        else if (error?.killed || signal?.aborted) resolve({ code: 130, stdout, stderr });
        else reject(notStarted(program, error!));
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}

const notStarted = (program: string, cause: Error): PerfError =>
  new PerfError(`${program} could not be started: ${cause.message}`, {
    code: 'command-failed',
    hint: `Install ${program}, or add it to PATH.`,
    cause,
  });

/** Runs a program that must succeed. @throws PerfError `command-failed` with the end of what it printed. */
export async function mustRun(program: string, words: readonly string[], options: CommandOptions): Promise<string> {
  const { code, stdout, stderr } = await runCommand(program, words, options);
  if (code === 0) return stdout;
  const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-12).join('\n');
  throw new PerfError(
    `\`${[program, ...words].join(' ')}\` failed in ${options.cwd} (exit code ${code})${said === '' ? '' : `:\n${said.replace(/^/gm, '   | ')}`}`,
    { code: 'command-failed', hint: 'Run it there by hand; nothing was measured.' },
  );
}
