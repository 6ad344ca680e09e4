import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { nanos, target, type Measurement, type RoundContext, type RoundResult } from '@perfkeel/core';
import { afterEach, describe, expect, test } from 'vitest';
import { leak } from '../src/leak.ts';
import type { LeakOptions } from '../src/leak-options.ts';

const fixture = fileURLToPath(new URL('./fixtures/server.mjs', import.meta.url));
const command = target({ command: ['node', fixture], ready: /\d+/ });

const running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit');
  }
});

async function serve(kind: string): Promise<NonNullable<RoundContext['target']>> {
  const child = spawn(process.execPath, [fixture, kind], { stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: `http://127.0.0.1:${Number(String(line))}`, pid: child.pid };
}

function contextFor(running: RoundContext['target']): RoundContext {
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

async function measure(kind: string, options: LeakOptions): Promise<RoundResult> {
  return leak(`a ${kind} server`, options).instrument(contextFor(await serve(kind)));
}

const of = (result: RoundResult, metric: string) => result.measurements.find((one) => one.metric === metric)!;
function estimateOf(result: RoundResult, metric = 'growth') {
  const { data } = of(result, metric);
  if (data.kind !== 'estimate') throw new Error(`${metric} is ${data.kind}`);
  return data.estimate;
}
const codes = (result: RoundResult): string[] => (of(result, 'growth') as Measurement).warnings.map(({ code }) => code);

describe('a server that is asked', () => {
  test('keeps 4 KB of every request, and a million would leave four gigabytes', async () => {
    const result = await measure('leak', {
      target: command,
      request: { path: '/orders' },
      iterations: 150,
      duration: '1s',
      project: { 'a million': 1e6 },
    });
    const { value, lo, hi } = estimateOf(result);
    expect(value).toBeGreaterThan(3500);
    expect(value).toBeLessThan(5000);
    const projected = estimateOf(result, 'projected');
    expect(projected.value).toBe(value * 1e6);
    expect(projected.lo).toBeLessThan(lo * 1e6);
    expect(projected.hi).toBeGreaterThan(hi * 1e6);
    expect(codes(result)).toEqual(['resolution', 'steady', 'projection']);
  });

  test('that fails every request proves nothing', async () => {
    const result = await measure('failing', { target: command, request: {}, duration: '500ms', samples: 16 });
    expect(of(result, 'growth').warnings!.at(-1)).toMatchObject({ code: 'failed-requests', forbids: 'verdict' });
  });

  test('by a load of somebody else keeps what that load completed', async () => {
    let calls = 0;
    const result = await measure('leak', {
      target: command,
      duration: '1s',
      during: async ({ url }) => {
        calls += 1;
        await Promise.all(Array.from({ length: 20 }, async () => (await fetch(url)).text()));
        return 20;
      },
    });
    expect(calls).toBeGreaterThan(48);
    const { value } = estimateOf(result);
    expect(value).toBeGreaterThan(3500);
    expect(value).toBeLessThan(5000);
  });
});

test('a server that nobody asks grows with time alone', async () => {
  // 50 kB every 5 ms are 10 MB a second; a busy machine makes them fewer.
  const result = await measure('ticking', {
    target: command,
    request: {},
    duration: '200ms',
    samples: 16,
    idle: '2s',
    objectives: ['idle-growth < 1MB/h'],
  });
  const { lo, value } = estimateOf(result, 'idle-growth');
  expect(lo).toBeGreaterThan(1e6);
  expect(value).toBeLessThan(12e6);
  expect(of(result, 'growth').warnings!.find(({ code }) => code === 'idle')!.message).toMatch(/grows by \d.* per hour/);
});

test('a target whose process is not known is an error', async () => {
  const declared = leak('elsewhere', { target: command, request: {} });
  await expect(declared.instrument(contextFor({ url: 'http://127.0.0.1:1' }))).rejects.toMatchObject({
    code: 'no-target',
  });
});
