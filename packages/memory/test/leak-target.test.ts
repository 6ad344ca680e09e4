import type { RoundResult } from '@perfkeel/core';
import { afterEach, describe, expect, test } from 'vitest';
import type { LeakOptions } from '../src/leak-options.ts';
import { leak } from '../src/leak.ts';
import {
  contextFor,
  estimateOf,
  leaveServers,
  remarksOf,
  serve,
  serverCommand as command,
} from './support/leak-server.ts';

afterEach(leaveServers);

async function measure(kind: string, options: LeakOptions): Promise<RoundResult> {
  return leak(`a ${kind} server`, options).instrument(contextFor(await serve(kind)));
}

const codes = (result: RoundResult): string[] => remarksOf(result).map(({ code }) => code);

describe('a server that is asked', { timeout: 120_000 }, () => {
  test('keeps 4 KB of every request, and a million would leave four gigabytes', async () => {
    const result = await measure('leak', {
      target: command,
      request: { path: '/orders' },
      iterations: 30,
      samples: 40,
      duration: '500ms',
      project: { 'a million': 1e6 },
    });
    const { value, lo, hi } = estimateOf(result);
    expect(value).toBeGreaterThan(3500);
    expect(value).toBeLessThan(5000);
    const projected = estimateOf(result, 'projected');
    expect(projected.value).toBe(value * 1e6);
    expect(projected.lo).toBeLessThan(lo * 1e6);
    expect(projected.hi).toBeGreaterThan(hi * 1e6);
    expect(codes(result)).toEqual(['steady', 'projection']);
  });

  test('that fails every request proves nothing', async () => {
    const result = await measure('failing', { target: command, request: {}, duration: '500ms', samples: 16 });
    expect(remarksOf(result).at(-1)).toMatchObject({
      ...{ code: 'failed-requests', forbids: 'verdict' },
      message: expect.stringMatching(/^(\d+) of \1 requests failed/) as string,
      remedies: [expect.stringMatching(/^Make the requests succeed/)],
    });
  });

  test('by a load of somebody else keeps what that load completed', async () => {
    let calls = 0;
    const result = await measure('leak', {
      target: command,
      duration: '500ms',
      // Enough for the pages of the heap, a quarter of a megabyte each, not to show.
      iterations: 3,
      samples: 40,
      during: async ({ url }) => {
        calls += 1;
        await Promise.all(Array.from({ length: 10 }, async () => (await fetch(url)).text()));
        return 10;
      },
    });
    expect(calls).toBeGreaterThan(40);
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
  expect(lo).toBeGreaterThan(1e5);
  expect(value).toBeLessThan(12e6);
  expect(remarksOf(result).find(({ code }) => code === 'idle')!.message).toMatch(/grows by \d.* per hour/);
});

test('a target whose process is not known is an error', async () => {
  const declared = leak('elsewhere', { target: command, request: {} });
  await expect(declared.instrument(contextFor({ url: 'http://127.0.0.1:1' }))).rejects.toMatchObject({
    code: 'no-target',
  });
});
