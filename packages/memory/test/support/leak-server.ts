import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  nanos,
  target,
  type Estimate,
  type RoundContext,
  type RoundMeasurement,
  type RoundResult,
  type TargetSpec,
  type Warning,
} from '@perfkeel/core';

const fixture = fileURLToPath(new URL('../fixtures/server.mjs', import.meta.url));
export const serverCommand = target({ command: ['node', fixture], ready: /\d+/ });

export const commandOf = (spec: TargetSpec): readonly string[] => (spec.kind === 'command' ? spec.command : []);

const running: ChildProcess[] = [];

/** Ends every server that a test has started. */
export async function leaveServers(): Promise<void> {
  for (const child of running.splice(0)) {
    if (child.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit');
  }
}

/** Starts the server of the fixtures that behaves so. */
export async function serve(kind: string): Promise<NonNullable<RoundContext['target']>> {
  const child = spawn(process.execPath, ['--inspect-port=0', fixture, kind], { stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: `http://127.0.0.1:${Number(String(line))}`, pid: child.pid };
}

export function contextFor(running: RoundContext['target']): RoundContext {
  const clock = { now: () => nanos(performance.now() * 1e6) };
  const signal = new AbortController().signal;
  const nothing = (): void => undefined;
  return {
    clock,
    seed: 1,
    round: 0,
    short: false,
    signal,
    target: running,
    collectGarbage: nothing,
    progress: nothing,
  };
}

export const measurementOf = (result: RoundResult, metric: string): RoundMeasurement =>
  result.measurements.find((one) => one.metric === metric)!;

export function estimateOf(result: RoundResult, metric = 'growth'): Estimate {
  const { data } = measurementOf(result, metric);
  if (data.kind !== 'estimate') throw new Error(`${metric} is ${data.kind}`);
  return data.estimate;
}

export const remarksOf = (result: RoundResult): readonly Warning[] => measurementOf(result, 'growth').warnings ?? [];
