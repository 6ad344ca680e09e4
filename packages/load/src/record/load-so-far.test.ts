import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { nanos } from '@perfkeel/core';
import { expect, it } from 'vitest';
import { runPlan } from '../generate-load.ts';
import { planLoad } from '../load-plan.ts';
import { roundMeasurements } from '../round-measurements.ts';
import type { LoadSoFar } from './load-so-far.ts';

it('what was measured so far is a result over the time that has passed', async () => {
  // Every second answer never comes.
  let count = 0;
  const server = createServer((_, response) => void (count++ % 2 === 0 && response.end('ok'))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stages = ['warm up at 100/s for 500ms', 'hold 200/s for 20s', 'hold 50/s for 20s'] as const;
  const plan = planLoad({ requests: { path: '/', name: 'root' }, stages });
  const stop = new AbortController();
  const kept: LoadSoFar[] = [];
  const keep = (soFar: LoadSoFar): void => {
    if (kept.push(soFar) === 2) stop.abort();
  };
  try {
    const url = `http://127.0.0.1:${port}`;
    await runPlan(plan, { url, signal: stop.signal }, { checkpoint: { every: nanos(1e9), keep } });
  } finally {
    server.closeAllConnections();
    server.close();
  }
  expect(kept).toHaveLength(2);
  for (const [i, soFar] of kept.entries()) {
    const seconds = soFar.duration / 1e9;
    // A busy machine looks late, never early.
    expect(seconds).toBeGreaterThan(i + 0.4);
    expect(seconds).toBeLessThan(10);
    for (const part of [soFar, ...soFar.phases, ...soFar.endpoints]) {
      expect(part.dropped).toBe(part.scheduled - part.completed - part.failed);
    }
    // Those on their way are dropped: nobody would wait for them any longer.
    expect(soFar.dropped).toBeGreaterThan(0.3 * soFar.scheduled);
    expect(soFar.throughput * seconds).toBeLessThanOrEqual(soFar.completed + 1);
    expect(soFar.throughput).toBeGreaterThan(20);
    // What is still to come has not been measured.
    expect(soFar.phases).toHaveLength(1);
    expect(soFar.endpoints[0]!.scheduled).toBe(soFar.scheduled);
    const { measurements } = roundMeasurements(soFar, plan);
    expect(measurements.find(({ metric }) => metric === 'response-time')).toMatchObject({ dropped: soFar.dropped });
  }
  expect(kept[1]!.scheduled).toBeGreaterThan(kept[0]!.scheduled);
});
