/**
 * The process in which benchmarks run: plain Node, one bundle, one round, no loader and no other thread.
 *
 * Usage: node harness.js <bundle>, with an IPC channel to the runner.
 */
import { pathToFileURL } from 'node:url';
import {
  declarations,
  nanos,
  serialiseError,
  usageError,
  type Clock,
  type Declaration,
  type RoundContext,
  type RoundResult,
} from '@perfkeel/core';
import { throttledProgress } from './harness-progress.ts';
import { measureWithMemory } from './measure-memory.ts';
import { replacedText, watchGlobals } from './replaced-globals.ts';
import { exitedWhileRead, type DeclarationData, type HarnessMessage, type MeasureRequest } from './protocol.ts';

// Read here, before the user's code is: that may replace it, as fake timers do.
const readMs = performance.now.bind(performance);
const clock: Clock = { now: () => nanos(readMs() * 1e6) };
const replacedGlobals = watchGlobals();

/** Resolves when the message has left, so that exiting right after it loses nothing. */
function send(message: HarnessMessage): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected || !process.send) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}

async function fail(error: unknown): Promise<never> {
  process.off('exit', tellExit);
  await send({ type: 'failed', error: serialiseError(error) });
  process.exit(1);
}

/** While a perf file is read: `process.exit` of its code is a mistake, and the stack still knows where it stands. */
function tellExit(exitCode: number): void {
  const said = new Error(`it ends the process that reads it (exit code ${exitCode})`);
  process.send?.({
    type: 'failed',
    error: { ...serialiseError(said), code: exitedWhileRead },
  } satisfies HarnessMessage);
}

function asData({ instrument: _, ...data }: Declaration): DeclarationData {
  return data;
}

type Progress = RoundContext['progress'];

function contextOf(request: MeasureRequest, signal: AbortSignal, progress: Progress): RoundContext {
  const { round, seed, short, target, folder } = request;
  return {
    clock,
    seed,
    round,
    short,
    signal,
    target,
    folder,
    collectGarbage: () => globalThis.gc?.(),
    progress,
    checkpoint: (result) => void send({ type: 'checkpoint', result }),
  };
}

/** How many the perf file had declared when it was read. */
let declared = 0;

/** A benchmark that comes later, out of a callback, would be missing without a word. */
function refuseLate(): void {
  const late = declarations()[declared];
  if (late === undefined) return;
  throw usageError(`${JSON.stringify(late.name)} was declared after the perf file had been read`, {
    code: 'declared-late',
    hint: 'Declare it at the top of the file; what that waits for is awaited there: const data = await read().',
    location: late.location,
  });
}

async function measure(request: MeasureRequest, signal: AbortSignal): Promise<void> {
  refuseLate();
  const declaration = declarations()[request.index]!;
  const { tell, end } = throttledProgress((text) => void send({ type: 'progress', text }));
  const result = await measureWithMemory(declaration, contextOf(request, signal, tell)).finally(end);
  refuseLate();
  await send({ type: 'measured', result: withReplaced(result, replacedGlobals()) });
}

/** A round that says what its code left replaced. */
function withReplaced(result: RoundResult, names: readonly string[]): RoundResult {
  if (names.length === 0) return result;
  const warning = { code: 'replaced-globals', message: replacedText(names) };
  return { ...result, warnings: [...(result.warnings ?? []), warning] };
}

async function main(bundle: string): Promise<void> {
  const abort = new AbortController();
  // The runner decides what Ctrl-C means, and tells through the channel; when the runner is gone, so is this process.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => {
    process.off('exit', tellExit);
    abort.abort();
    process.exit(1);
  });
  process.on('uncaughtException', (error) => void fail(error));
  process.on('unhandledRejection', (error) => void fail(error));
  // Stays after the round, until the runner has read what this process used and closes the channel.
  process.on('message', (request: MeasureRequest) => void measure(request, abort.signal).catch(fail));
  process.on('exit', tellExit);
  await import(pathToFileURL(bundle).href);
  process.off('exit', tellExit);
  declared = declarations().length;
  await send({ type: 'declared', declarations: declarations().map(asData) });
}

main(process.argv[2]!).catch(fail);
