import { PerfError, type SourceLocation } from './errors.ts';

const frame = /^at (?:async )?(?:.*? \()?((?:file:\/\/|\/|[A-Za-z]:\\).*?):(\d+):(\d+)\)?$/;

/** The path of a file url; on Windows without the slash before the drive letter. */
function pathOf(file: string): string {
  if (!file.startsWith('file://')) return file;
  return decodeURIComponent(new URL(file).pathname).replace(/^\/(?=[A-Za-z]:)/, '');
}

/** The places in files that a stack names, innermost first; frames inside the engine or Node itself name none. */
export function stackLocations(stack: string): SourceLocation[] {
  return stack.split('\n').flatMap((line) => {
    const [, file, row, column] = frame.exec(line.trim()) ?? [];
    return file && row && column ? [{ file: pathOf(file), line: Number(row), column: Number(column) }] : [];
  });
}

/** The place that called `noun`, read from the stack; through the source map when the process runs with source maps. */
export function callSite(noun: (...args: never[]) => unknown): SourceLocation | undefined {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, noun);
  // A process may have replaced the way in which stacks become text.
  return stackLocations(String(holder.stack ?? ''))[0];
}

/** Runs a check and puts the declaration's place on whatever usage error it throws. */
export function locating<T>(location: SourceLocation | undefined, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof PerfError) || error.location !== undefined || location === undefined) throw error;
    const { message, code, hint, exitCode, excerpt } = error;
    throw new PerfError(message, { code, hint, exitCode, excerpt, location, cause: error });
  }
}
