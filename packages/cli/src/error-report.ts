import { relative } from 'node:path';
import { ExitCode, PerfError, messageOf } from '@perfkeel/core';
import pc from 'picocolors';
import { codeFrame } from './code-frame.ts';
import { lookOf, plain, type Io } from './io.ts';

/** The text of an error as a user should see it: what failed, where in their file, and what to do. */
export function renderError(error: unknown, io: Io, verbose: boolean): string {
  const colours = pc.createColors(lookOf(io.stderr, io.env).colour);
  const lines = [`${colours.red('error')}  ${plain(messageOf(error))}`];
  if (error instanceof PerfError) {
    if (error.location) {
      const frame = codeFrame(error.location, error.excerpt);
      const { file, line, column } = frame?.location ?? error.location;
      lines.push('', `   ${colours.cyan(`${relative(io.cwd, file)}:${line}:${column}`)}`);
      lines.push(...(frame?.lines ?? []).map((text) => `   ${plain(text)}`));
    }
    if (error.hint !== undefined) lines.push('', `   ${plain(error.hint)}`);
  }
  if (verbose || !(error instanceof PerfError)) {
    const stack = error instanceof Error ? error.stack : undefined;
    if (stack !== undefined) lines.push('', stack.replace(/^/gm, '   '));
  }
  return `${lines.join('\n')}\n`;
}

/** Writes an error to stderr and returns the exit code that goes with it. */
export function reportError(error: unknown, io: Io, verbose: boolean): number {
  io.stderr.write(renderError(error, io, verbose));
  return error instanceof PerfError ? error.exitCode : ExitCode.CouldNotMeasure;
}
