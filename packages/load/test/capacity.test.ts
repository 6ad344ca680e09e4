import { createHistogram, type MeasurementData, type RoundContext } from '@perfkeel/core';
import { afterEach, describe, expect, it } from 'vitest';
import { capacity, fitUsl, measureCapacity, measureScaling } from '../src/index.ts';
import { roundContext } from './support/round-context.ts';
import { refusingUrl, startScript, type TestServer } from './support/servers.ts';

const started: TestServer[] = [];
afterEach(async () => {
  for (const server of started.splice(0)) await server.close();
});

/** A server of exactly slots / service, in a process of its own. */
async function startServer(slots: number, serviceMs: number): Promise<TestServer> {
  const server = await startScript('queueing-server.mjs', [slots, serviceMs]);
  started.push(server);
  return server;
}

const quick = { for: '400ms', scout: '150ms', settle: '20ms', width: '20%', within: '2s' } as const;

const context = (url: string, more: Partial<RoundContext> = {}): RoundContext =>
  roundContext({ target: { url }, ...more });

describe('a server of 200/s', () => {
  it('is found, with what limits it, every trial, and the time at shares of it', async () => {
    const { url } = await startServer(2, 10);
    const lines: string[] = [];
    const result = await measureCapacity({
      ...{ url, requests: { path: '/' }, between: ['90/s', '400/s'], ...quick },
      while: ['p90 < 250ms', 'errors = 0'],
      at: ['50%'],
      onProgress: (text) => lines.push(text),
    });
    // A machine that is too busy makes the generator doubt itself, and then little is said of the target.
    if (result.reason === 'not-valid') {
      expect(result.warnings).toContainEqual(
        expect.objectContaining({ code: 'generator-in-doubt', forbids: 'verdict' }),
      );
    }
    expect(result.lower).toBeLessThan(215);
    if (result.reason === 'found') {
      expect(result.lower).toBeGreaterThan(90);
      expect(result.upper / result.lower).toBeLessThan(1.21);
      expect(result.limitedBy.length).toBeGreaterThan(0);
    }
    expect(result.capacity).toMatchObject({ lo: result.lower, hi: result.upper });
    const bad = result.trials.filter(({ outcome }) => outcome === 'bad');
    expect(bad.every(({ reasons }) => reasons.length > 0)).toBe(true);
    expect(lines[0]).toBe('trial 1: scout at 90/s');
    const [half] = result.shares;
    if (half === undefined) {
      expect(result.lower).toBe(0);
      return;
    }
    expect(half.percent).toBe(50);
    expect(half.rate / result.lower).toBeCloseTo(0.5, 2);
    expect(lines.at(-1)).toMatch(/^50 % of the capacity: \d+/);
    expect(result.conditionalThroughput / result.lower).toBeGreaterThan(0.8);
    // Ten milliseconds is the service alone.
    expect(half.responseTime.quantile(0.5)).toBeGreaterThanOrEqual(9e6);
  });

  it('is a metric with its bounds, and series over the trials', async () => {
    const { url } = await startServer(2, 10);
    const declared = capacity('checkout', {
      ...{ url, requests: { path: '/' }, between: ['60/s', '240/s'], ...quick, within: '1s' },
      at: ['40%'],
    });
    const { measurements } = await declared.instrument(context(url));
    const data = Object.fromEntries(measurements.map(({ metric, data }) => [metric, data]));
    const found = data['capacity'];
    const { lo, value, hi } = found?.kind === 'estimate' ? found.estimate : { lo: NaN, value: NaN, hi: NaN };
    expect(lo <= value && value <= hi).toBe(true);
    const rates = data['trial-rate'];
    const points = rates?.kind === 'series' ? rates.points : [];
    expect(points[0]?.[1]).toBe(60);
    expect(points.map(([at]) => at)).toEqual(points.map(([at]) => at).sort((a, b) => a - b));
    for (const { metric } of measurements) expect(declared.metrics.map(({ id }) => id)).toContain(metric);
  });
});

describe('scaling', () => {
  const clients = [1, 2, 3, 4, 6, 8];

  it('stops at the slots of the server: what comes beyond them waits', async () => {
    const { url } = await startServer(2, 10);
    const { points, fit } = await measureScaling({
      url,
      requests: { path: '/' },
      clients,
      for: '300ms',
      warmup: '30ms',
    });
    expect(points.map(({ concurrency }) => concurrency)).toEqual(clients);
    // Sixty answers fit into the time, and those of the eight clients at both of its ends.
    expect(points.every(({ throughput }) => throughput > 0 && throughput < 330)).toBe(true);
    expect(points[0]!.throughput).toBeLessThan(120);
    const { lambda, contention, coherency } = fit!;
    expect(fitUsl(points)).toMatchObject({ lambda, contention, coherency });
  });

  it('needs six numbers of clients', async () => {
    const few = measureScaling({ url: 'http://127.0.0.1:1', requests: { path: '/' }, clients: [1, 2], for: '1s' });
    const message = '2 different ones are too few numbers of clients to fit three coefficients to';
    await expect(few).rejects.toMatchObject({ code: 'bad-scaling', exitCode: 2, message });
  });
});

describe('a search', () => {
  it('that nobody answers throws as load does; a target that dies under it has died', async () => {
    const nowhere = { requests: { path: '/' }, between: ['50/s', '100/s'], ...quick } as const;
    await expect(measureCapacity({ url: await refusingUrl(), ...nowhere })).rejects.toMatchObject({
      code: 'target-refused',
    });
    const { url } = await startServer(1, 1);
    const dying = measureCapacity({ url, ...nowhere, requests: { path: '/die' } });
    await expect(dying).rejects.toMatchObject({ code: 'target-died', exitCode: 4 });
  });

  it('ends with the reason of its interruption', async () => {
    const { url } = await startServer(1, 1);
    const controller = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 300);
    const options = { requests: { path: '/' }, between: ['50/s', '100/s'], for: '20s' } as const;
    await expect(measureCapacity({ url, ...options, signal: controller.signal })).rejects.toBe(reason);
  });

  it('is one scout and one trial when it is a rehearsal', async () => {
    const { url } = await startServer(2, 10);
    const declared = capacity('rehearsed', { url, requests: { path: '/' }, between: ['60/s', '2000/s'], at: ['50%'] });
    const began = performance.now();
    const { measurements } = await declared.instrument(context(url, { short: true }));
    expect(performance.now() - began).toBeLessThan(6000);
    const dataOf = (id: string): MeasurementData | undefined => measurements.find(({ metric }) => metric === id)?.data;
    const share = dataOf('response-time-at-50');
    // A machine that is too busy for the first trial knows no share of anything.
    if (share === undefined) expect(dataOf('capacity')).toMatchObject({ estimate: { lo: 0 } });
    else expect(share.kind === 'histogram' && createHistogram(share.histogram).count).toBe(9);
  });

  it('of a function needs no target', async () => {
    const run = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
    const declared = capacity('function', { run, between: ['60/s', '2000/s'] });
    const { measurements } = await declared.instrument(context('', { short: true, target: undefined }));
    expect(measurements.find(({ metric }) => metric === 'capacity')?.data.kind).toBe('estimate');
  });

  it('needs its target', async () => {
    const declared = capacity('nowhere', {
      url: 'http://127.0.0.1:1',
      requests: { path: '/' },
      between: ['1/s', '2/s'],
    });
    await expect(declared.instrument(context('', { target: undefined }))).rejects.toMatchObject({ code: 'no-target' });
  });
});
