import {
  createHistogram,
  judgeBenchmark,
  judgeObjective,
  type BenchmarkPlan,
  type Declaration,
  type Measurement,
  type RoundContext,
} from '@perfkeel/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { load } from '../src/index.ts';
import { roundContext } from './support/round-context.ts';
import { okAnswer, serveHttp, serveRaw, type TestServer } from './support/servers.ts';

let server: TestServer;
beforeAll(async () => {
  server = await serveHttp((request, response) => response.writeHead(request.url === '/bad' ? 500 : 200).end('ok'));
});
afterAll(() => server.close());

const context = (more: Partial<RoundContext> = {}): RoundContext =>
  roundContext({ target: { url: server.url }, ...more });

/** Everything that a declaration measures; a target without TLS has no time for it, and a moment has no course. */
const idsOf = ({ metrics }: Declaration): readonly string[] =>
  metrics
    .map(({ id }) => id)
    .filter((id) => !['tls-time', 'intended-rate', 'sent-rate', 'failed-rate', 'response-times'].includes(id))
    .sort();

const work = { requests: { path: '/' }, for: '300ms', warmup: '0s' } as const;

async function judged(declaration: Declaration, url = server.url): Promise<string> {
  const plan = { ...declaration, id: declaration.name, sourceHash: '' } as BenchmarkPlan;
  const all: Measurement[] = [];
  for (let round = 0; round < 2; round++) {
    const { measurements } = await declaration.instrument(context({ round, target: { url } }));
    // What a busy machine forbids to conclude is another test's business.
    all.push(...measurements.map((m) => ({ dropped: 0, ...m, warnings: [], benchmark: plan.id, round })));
  }
  return judgeBenchmark(
    plan,
    plan.objectives.map((objective) => judgeObjective(plan, objective, all)),
    [],
  ).kind;
}

describe.concurrent('one round of load', () => {
  it('measures every metric that it declares, in base units', async () => {
    const declaration = load('all metrics', { url: server.url, ...work, rate: '100/s' });
    const { measurements } = await declaration.instrument(context());
    expect(measurements.map(({ metric }) => metric).sort()).toEqual(idsOf(declaration));
    const data = Object.fromEntries(measurements.map(({ metric, data }) => [metric, data]));
    expect(data['errors']).toEqual({ kind: 'count', events: 0, trials: 30 });
    for (const id of ['response-time', 'service-time', 'schedule-lag']) {
      const found = data[id];
      expect(found?.kind === 'histogram' && createHistogram(found.histogram).count).toBe(30);
    }
    expect(JSON.parse(JSON.stringify(measurements))).toEqual(measurements);
  });

  it('measures each phase and each named request by itself', async () => {
    const declaration = load('parts', {
      url: server.url,
      requests: [
        { path: '/', name: 'good', weight: 3 },
        { path: '/bad', name: 'bad' },
      ],
      stages: ['ramp to 200/s over 200ms', 'hold 200/s for 200ms'],
      objectives: ['p50 of hold.response-time < 5s', 'bad.errors > 50%', 'errors < 50%'],
    });
    const { measurements } = await declaration.instrument(context());
    expect(measurements.map(({ metric }) => metric).sort()).toEqual(idsOf(declaration));
    const data = Object.fromEntries(measurements.map(({ metric, data }) => [metric, data]));
    expect(data['good.errors']).toEqual({ kind: 'count', events: 0, trials: 45 });
    expect(data['bad.errors']).toEqual({ kind: 'count', events: 15, trials: 15 });
    expect([data['ramp.errors'], data['hold.errors']]).toMatchObject([{ trials: 20 }, { trials: 40 }]);
    expect(await judged(declaration)).toBe('pass');
  });

  it('from clients has no schedule, and says that it is closed', async () => {
    const declaration = load('closed round', { url: server.url, ...work, clients: 2 });
    const { measurements } = await declaration.instrument(context());
    expect(measurements.map(({ metric }) => metric).sort()).toEqual(idsOf(declaration));
    const primary = measurements.find(({ metric }) => metric === 'response-time');
    expect(primary?.warnings?.map(({ code }) => code)).toContain('closed-model');
  });

  it('keeps its objectives on a good target, and misses them on a bad one', async () => {
    const objectives = ['p90 < 5s', 'errors < 50%'] as const;
    expect(await judged(load('good', { url: server.url, ...work, rate: '200/s', objectives }))).toBe('pass');
    const bad = { ...work, requests: { path: '/bad' } };
    expect(await judged(load('bad', { url: server.url, ...bad, rate: '200/s', objectives: ['errors = 0'] }))).toBe(
      'fail',
    );
  });

  it('cannot keep a promise about time with answers that are all wrong, or when every second request is reset', async () => {
    const objectives = ['p50 < 5s'] as const;
    const rate = '200/s' as const;
    expect(await judged(load('answered', { url: server.url, ...work, rate, objectives }))).toBe('pass');
    const wrong = { ...work, requests: { path: '/bad' } };
    expect(await judged(load('all 500', { url: server.url, ...wrong, rate, objectives }))).toBe('fail');
    const resetting = await serveRaw((socket, index) =>
      index % 2 === 0 ? socket.resetAndDestroy() : socket.write(okAnswer),
    );
    expect(await judged(load('resets', { url: resetting.url, ...work, rate, objectives }), resetting.url)).toBe('fail');
    await resetting.close();
  });

  it('of few requests is decided by them', async () => {
    const objectives = ['p50 < 5s'] as const;
    expect(await judged(load('few', { url: server.url, ...work, rate: '20/s', objectives }))).toBe('pass');
  });

  it('says what failed', async () => {
    const declaration = load('words', { url: server.url, ...work, requests: { path: '/bad' }, rate: '100/s' });
    const { measurements } = await declaration.instrument(context());
    const errors = measurements.find(({ metric }) => metric === 'errors');
    expect(errors?.warnings?.filter(({ forbids }) => forbids === undefined)).toEqual([
      { code: 'failed-requests', message: '30 of 30 failed: 30 status (status 500)' },
    ]);
  });

  it('is over in about a second when it is a rehearsal', async () => {
    const declaration = load('rehearsal', { url: server.url, requests: { path: '/' }, rate: '50/s', for: '10m' });
    const began = performance.now();
    const { measurements } = await declaration.instrument(context({ short: true }));
    expect(performance.now() - began).toBeLessThan(5000);
    expect(measurements.find(({ metric }) => metric === 'errors')?.data).toEqual({
      kind: 'count',
      events: 0,
      trials: 40,
    });
  });

  it('reports progress, and ends with the reason of its interruption', async () => {
    const lines: string[] = [];
    const declaration = load('interrupted', { url: server.url, ...work, for: '20s', rate: '50/s' });
    const [controller, reason] = [new AbortController(), new Error('enough')];
    const progress = (text: string): void => {
      lines.push(text);
      // On a machine that stood still there may be no answer to tell of in the first second.
      if (text.includes('p50')) controller.abort(reason);
    };
    await expect(declaration.instrument(context({ signal: controller.signal, progress }))).rejects.toBe(reason);
    const [, second] = /^steady (\d+) s of 20 s, /.exec(lines.at(-1)!)!;
    expect(lines.length).toBeLessThanOrEqual(Number(second));
    expect(lines.at(-1)!.slice(`steady ${second} s of 20 s, ${20 - Number(second)} s left`.length)).toMatch(
      /^: 50\/s due, [\d.]+\/s sent, p50 .+, p99 .+, 0 % errors, lag .+, \d+ in flight$/,
    );
  });

  it('ends early where that is asked for, as soon as a promise cannot be kept, and misses it', async () => {
    const objectives = ['errors < 20%'] as const;
    const long = { url: server.url, requests: { path: '/bad' }, rate: '100/s', for: '4s', warmup: '0s' } as const;
    const declaration = load('early', { ...long, objectives, stopEarly: true });
    const began = performance.now();
    const { measurements } = await declaration.instrument(context());
    expect(performance.now() - began).toBeLessThan(3900);
    const primary = measurements.find(({ metric }) => metric === 'response-time');
    expect(primary?.warnings?.find(({ code }) => code === 'stopped-early')?.message).toMatch(
      /^the load was ended: "errors < 20%" could no longer be kept: \d+ requests failed$/,
    );
    expect(primary?.dropped).toBeGreaterThan(0);
    expect(await judged(load('early twice', { ...long, objectives, stopEarly: true }))).toBe('fail');
  });

  it('needs its target', async () => {
    const declaration = load('nowhere', { url: server.url, ...work, rate: '1/s' });
    await expect(declaration.instrument(context({ target: undefined }))).rejects.toMatchObject({ code: 'no-target' });
  });
});
