import { connectMcp, measureMcp, renderMcp, type McpOptions, type McpResult, type McpServer } from '@perfkeel/mcp';
import { describe, expect, it } from 'vitest';
import { mcpMeasurements } from '../src/measure/mcp-measurements.ts';
import { metricsOf } from '../src/measure/mcp-metrics.ts';
import { overHttp, overPipes } from './support/tiny.ts';

/** Nothing but the probe: one resource, once. */
const probe = (server: McpServer, options: Partial<McpOptions>): Promise<McpResult> =>
  measureMcp({ server, resources: ['doc://a'], samples: 1, sessions: 1, inFlight: 0, ...options });

/** Data of a metric, and the codes of all warnings. */
function measured(result: McpResult, options: Partial<McpOptions>, metric: string) {
  const all = metricsOf(options).map(({ id }) => id);
  const { measurements } = mcpMeasurements(result, [], all);
  return {
    data: measurements.find((one) => one.metric === metric)?.data,
    // The tiny server has a tool that fails.
    codes: measurements[0]?.warnings?.map(({ code }) => code).filter((code) => code !== 'some-failed'),
  };
}

describe('cancellation', () => {
  const cancelling = (how: string, more = {}) => ({
    cancel: { tool: 'long', args: { ms: 300, how }, after: '30ms', watch: '400ms', times: 2, ...more } as const,
  });
  /** Work that is over when it is cancelled may be as long as it likes: a machine that stands still does not end it. */
  const obeying = (more = {}) => cancelling('answers', { args: { ms: 5000, how: 'answers' }, watch: '4s', ...more });

  it('is timed when the server says that it has stopped', async () => {
    const { cancellation } = await probe(overPipes(), obeying());
    expect(cancellation?.ends).toEqual({ stopped: 2, ignored: 0, silent: 0, finished: 0 });
    // It looks every 10 ms; the call would have taken 5 s.
    expect(Math.min(...cancellation!.times)).toBeLessThan(200e6);
  });

  it.each(['deaf', 'late'])('is named when the work goes on (%s)', async (how) => {
    const options = cancelling(how, { times: 1 });
    const result = await probe(overPipes(), options);
    expect(result.cancellation).toMatchObject({ ends: { ignored: 1 }, times: [] });
    expect(measured(result, options, 'cancel-ignored')).toMatchObject({
      data: { kind: 'count', events: 1, trials: 1 },
      codes: ['cancel-ignored'],
    });
    expect(renderMcp(result)).toMatch(/long, cancelled +\| went on 1 of 1 times/);
  });

  it('is not guessed from silence, and asked for where that is possible', async () => {
    const options = cancelling('silent', { times: 1, watch: '60ms' });
    const result = await probe(overPipes(), options);
    expect(result.cancellation?.ends).toMatchObject({ silent: 1, stopped: 0, ignored: 0 });
    expect(measured(result, options, 'cancel-ignored')).toEqual({ data: undefined, codes: ['cancel-silent'] });

    const stopped = async (client: { callTool: (name: string) => Promise<{ result?: unknown }> }): Promise<boolean> =>
      JSON.stringify((await client.callTool('busy')).result).includes('"0"');
    const asked = await probe(overPipes(), cancelling('silent', { times: 1, stopped }));
    expect(asked.cancellation).toMatchObject({ ends: { stopped: 1 }, times: [expect.any(Number)] });
  });

  it('reaches a server of HTTP, with sessions and without', async () => {
    await overHttp(['stateful'], async (server) => {
      expect((await probe(server, obeying({ times: 1 }))).cancellation?.ends).toMatchObject({ stopped: 1 });
    });
    await overHttp(['modern'], async (server) => {
      const client = await connectMcp(server);
      const { id, answer } = client.send('tools/call', { name: 'long', arguments: { ms: 5000 } });
      const busy = async () => JSON.stringify((await client.callTool('busy')).result);
      expect(await busy()).toContain('"1"');
      await client.cancel(id);
      expect((await answer).outcome).toBe('transport-error');
      await expect.poll(busy, { timeout: 4000 }).toContain('"0"');
      await client.close();
    });
  });

  it('is no result when the call was over before', async () => {
    const { cancellation } = await probe(overPipes(), { cancel: { tool: 'look', times: 1 } });
    expect(cancellation?.ends.finished).toBe(1);
  });
});

describe('notifications of a resource', () => {
  const updates = { resource: 'doc://a', change: { tool: 'touch' }, times: 4, within: '3s' } as const;

  it('arrive over pipes and over HTTP, in sessions and without', async () => {
    const expected = { resource: 'doc://a', lost: 0, times: { length: 4 } };
    expect((await probe(overPipes(), { updates })).updates).toMatchObject(expected);
    expect((await probe(overPipes('modern'), { updates })).updates).toMatchObject(expected);
    for (const words of [['stateful'], ['modern']]) {
      await overHttp(words, async (server) => {
        expect((await probe(server, { updates })).updates).toMatchObject(expected);
      });
    }
  });

  it('are lost when they do not come, and say why when they cannot', async () => {
    const change = { tool: 'touch', args: { how: 'forgetful' } };
    const options = { updates: { ...updates, change, within: '500ms' } } as const;
    const result = await probe(overPipes(), options);
    expect(measured(result, options, 'updates-lost').data).toEqual({ kind: 'count', events: 2, trials: 4 });
    await overHttp([], async (server) => {
      const { updates: none } = await probe(server, { updates });
      expect(none).toMatchObject({ times: [], failure: expect.stringContaining('no stream of events') as string });
    });
    const failing = await probe(overPipes(), { updates: { ...updates, change: { tool: 'fails' } } });
    expect(failing.updates?.failure).toContain('tool fails failed with tool-error');
  });
});

describe('writes at once', () => {
  const pair = (write: string, read = 'all') => ({
    writeAndReadBack: { write: (mark: string) => ({ tool: write, args: { mark } }), read: { tool: read }, writes: 20 },
  });

  it('are all there, or are counted as lost', async () => {
    const [safe, unsafe] = [pair('put-safe'), pair('put')];
    const kept = await probe(overPipes(), safe);
    expect(measured(kept, safe, 'lost-updates').data).toEqual({ kind: 'count', events: 0, trials: 20 });
    const lost = await probe(overPipes(), unsafe);
    // All twenty read the same list; the last of them to write wins.
    expect(lost.lostUpdates).toMatchObject({ acknowledged: 20, lost: 19 });
    expect(lost.sent - lost.measured).toBe(0);
  });

  it('are not judged when they cannot be read back', async () => {
    const options = pair('put-safe', 'fails');
    expect(measured(await probe(overPipes(), options), options, 'lost-updates')).toMatchObject({
      data: undefined,
      codes: ['lost-updates-unknown'],
    });
  });
});

describe('what grows', () => {
  it('is the memory of a server that keeps what it is given, with its resolution', async () => {
    const bytes = 200_000;
    const hoarding = { resources: [], prompts: {}, tools: { hoard: { bytes } }, growth: 200 };
    const leaking = await probe(overPipes(), hoarding);
    if (process.platform !== 'linux') return;
    const { perThousand, resolution, done } = leaking.growth!;
    expect(done).toBe(200);
    // One call in four is `hoard`: two tools and a prompt are safe, and asked for as well.
    expect(perThousand.value / (bytes * 1000)).toBeGreaterThan(0.15);
    expect(perThousand.value / (bytes * 1000)).toBeLessThan(0.4);
    expect(perThousand.lo).toBeGreaterThan(0);
    expect(resolution).toBeLessThan(perThousand.value);
  });

  it('is told of sessions too, where the server outlives them', async () => {
    await overHttp(['stateful'], async ({ url }, pid) => {
      const origin = new URL(url).origin;
      const { churn } = await measureMcp(
        { target: { kind: 'url', url: origin }, samples: 1, sessions: 1, inFlight: 0, churn: 40 },
        { target: { url: origin, pid } },
      );
      expect(churn).toMatchObject({ sessions: 40, failed: 0 });
      if (process.platform === 'linux') expect(churn?.memory).toMatchObject({ done: 40 });
    });
    const { churn } = await probe(overPipes(), { churn: 2 });
    expect([churn?.failed, churn?.memory]).toEqual([0, undefined]);
  });
});

describe('capacity', () => {
  it('is the best of the steps that keep p95, and what fails anyway is left out of it', async () => {
    const options = { capacity: { p95: '10s', upTo: 4 } } as const;
    const result = await probe(overPipes(), options);
    expect(result.capacity?.steps.map(({ inFlight, failed, kept }) => [inFlight, failed, kept])).toEqual([
      [1, 0, true],
      [2, 0, true],
      [4, 0, true],
    ]);
    const best = Math.max(...result.capacity!.steps.map(({ perSecond }) => perSecond));
    expect(measured(result, options, 'capacity')).toMatchObject({
      data: { kind: 'exact', value: best },
      codes: expect.arrayContaining(['capacity-not-reached']) as string[],
    });
  });

  it('ends with the first step that twice does not, and may be none', async () => {
    // A quarter of the calls take 60 ms.
    const { capacity } = await probe(overPipes(), { tools: { slow: {} }, capacity: { p95: '1ms', upTo: 16 } });
    expect(capacity?.steps.map(({ inFlight, kept }) => [inFlight, kept])).toEqual([[1, false]]);
    expect(capacity?.asked.reduce((sum, { outcomes }) => sum + outcomes.ok, 0)).toBe(120);
    expect(capacity?.perSecond).toBe(0);
  });
});
