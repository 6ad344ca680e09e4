/**
 * The process in which benchmarks run: plain Node, one bundle, one round, no loader and no other thread.
 *
 * Usage: node harness.js <bundle>, with an IPC channel to the runner.
 */
import { pathToFileURL } from 'node:url';
import { declarations, nanos, serialiseError, type Clock, type Declaration, type RoundContext } from '@perfkeel/core';
import { measureWithMemory } from './measure-memory.ts';
import { exitedWhileRead, type DeclarationData, type HarnessMessage, type MeasureRequest } from './protocol.ts';

const clock: Clock = { now: () => nanos(performance.now() * 1e6) };

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

/** At most four messages a second: each costs the measured process time. */
function throttled(emit: (text: string) => void): (text: string) => void {
  let last = -Infinity;
  return (text) => {
    const now = performance.now();
    if (now - last < 250) return;
    last = now;
    emit(text);
  };
}

function contextOf(request: MeasureRequest, signal: AbortSignal): RoundContext {
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
    progress: throttled((text) => void send({ type: 'progress', text })),
    checkpoint: (result) => void send({ type: 'checkpoint', result }),
  };
}

async function measure(request: MeasureRequest, signal: AbortSignal): Promise<void> {
  const declaration = declarations()[request.index]!;
  const result = await measureWithMemory(declaration, contextOf(request, signal));
  await send({ type: 'measured', result });
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
  await send({ type: 'declared', declarations: declarations().map(asData) });
}

main(process.argv[2]!).catch(fail);
