import { text } from 'node:stream/consumers';
import {
  judgeBenchmark,
  judgeObjective,
  type BenchmarkPlan,
  type Declaration,
  type Measurement,
  type RoundContext,
  type Verdict,
} from '@perfkeel/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  concurrency,
  conserved,
  counterModel,
  exactlyOnce,
  measureConcurrency,
  uniqueValues,
  type ConcurrencyCall,
} from '../src/index.ts';
import { roundContext } from './support/round-context.ts';
import { serveHttp, type TestServer } from './support/servers.ts';

/**
 * A counter behind HTTP. `/locked` and `/broken` read it, wait for a store that is elsewhere, and write it back; only
 * the first one keeps the others out meanwhile. `/apply` carries a key out once, `/again` every time that it is asked.
 */
const state = { value: 0, applied: [] as number[], tries: new Map<string, number>() };
let last: Promise<unknown> = Promise.resolve();
let server: TestServer;

async function increment(): Promise<number> {
  const read = state.value;
  await new Promise((resolve) => setImmediate(resolve));
  state.value = read + 1;
  return state.value;
}

function locked(): Promise<number> {
  const mine = last.then(increment);
  last = mine;
  return mine;
}

beforeAll(async () => {
  server = await serveHttp((request, response) => {
    const answer = (body: unknown, status = 200): void => void response.writeHead(status).end(JSON.stringify(body));
    const { url } = request;
    if (url === '/value') answer(state.value);
    else if (url === '/applied') answer(state.applied);
    else if (url === '/locked') void locked().then(answer);
    else if (url === '/broken') void increment().then(answer);
    else {
      void text(request).then((key) => {
        const tries = (state.tries.get(key) ?? 0) + 1;
        state.tries.set(key, tries);
        if (url === '/again' || !state.applied.includes(Number(key))) state.applied.push(Number(key));
        // Every third key is carried out, and its first answer is lost.
        if (Number(key) % 3 === 0 && tries === 1) response.destroy();
        else answer('done');
      });
    }
  });
});
afterAll(() => server.close());

const get = async (url: string | undefined, path: string, signal?: AbortSignal): Promise<unknown> =>
  (await fetch(`${url}${path}`, { signal: signal ?? null })).json();

const ask =
  (path: string) =>
  async ({ target, signal }: ConcurrencyCall): Promise<number> =>
    (await get(target?.url, path, signal)) as number;

const context = (round: number): RoundContext => roundContext({ seed: round, round, target: { url: server.url } });

async function judged(declaration: Declaration, rounds = 2): Promise<Verdict> {
  const plan = { ...declaration, id: declaration.name, sourceHash: '' } as BenchmarkPlan;
  const all: Measurement[] = [];
  for (let round = 0; round < rounds; round++) {
    const { measurements } = await declaration.instrument(context(round));
    expect(measurements.map(({ metric }) => metric)).toEqual(plan.metrics.map(({ id }) => id));
    expect(JSON.parse(JSON.stringify(measurements))).toEqual(measurements);
    all.push(...measurements.map((m) => ({ dropped: 0, warnings: [], ...m, benchmark: plan.id, round })));
  }
  const judgements = plan.objectives.map((objective) => judgeObjective(plan, objective, all));
  return judgeBenchmark(plan, judgements, []);
}

describe('a counter behind HTTP', () => {
  const common = { clients: 20, bursts: 5, invariants: [uniqueValues()], rounds: 2 };

  it('that locks passes, with the broken one as its control', async () => {
    const declared = concurrency('locked', { ...common, op: ask('/locked'), control: { op: ask('/broken') } });
    expect(await judged(declared)).toEqual({ kind: 'pass', reasons: [] });
  });

  it('that does not lock fails', async () => {
    const verdict = await judged(concurrency('broken', { ...common, op: ask('/broken') }));
    expect(verdict).toMatchObject({ kind: 'fail', reasons: [{ code: 'objective-missed' }] });
    expect((await judged(concurrency('shown', { ...common, op: ask('/broken'), expected: 'fail' }))).kind).toBe('pass');
  });

  it('fails when only one round of several shows it', async () => {
    let calls = 0;
    const op = async (call: ConcurrencyCall): Promise<number> => {
      const id = await ask('/locked')(call);
      return calls++ === 0 ? 0 : call.index === 1 && calls < 100 ? 0 : id;
    };
    expect((await judged(concurrency('once', { ...common, op }), 3)).kind).toBe('fail');
  });

  it('whose control is not broken after all is inconclusive', async () => {
    const declared = concurrency('unproven', { ...common, op: ask('/locked'), control: { op: ask('/locked') } });
    expect(await judged(declared)).toMatchObject({
      kind: 'inconclusive',
      reasons: [{ code: 'not-valid', message: expect.stringContaining('was not caught in 5 bursts') as string }],
    });
  });

  it('is linearizable only with its lock, and loses increments without', async () => {
    const setup = async (): Promise<number> => (await get(server.url, '/value')) as number;
    const subject = (path: string): Parameters<typeof measureConcurrency<number, number>>[0] => ({
      clients: 25,
      bursts: 4,
      setup,
      op: async ({ target, setup }) => ((await get(target?.url, path)) as number) - setup,
      readBack: async ({ target, setup }) => [((await get(target?.url, '/value')) as number) - setup],
      invariants: [conserved({ change: () => 1 })],
      linearizable: { model: counterModel(), budget: '5s' },
    });
    const target = { url: server.url };
    const good = await measureConcurrency(subject('/locked'), { target });
    expect(good).toMatchObject({ verdict: 'pass', overlap: { mostInFlight: 25, share: 1 } });
    const bad = await measureConcurrency(subject('/broken'), { target });
    expect(bad.findings.map(({ violations }) => violations.length)).toEqual([1, 1]);
  });
});

describe('retries over HTTP', () => {
  const subject = (path: string): Parameters<typeof measureConcurrency<string>>[0] => ({
    clients: 12,
    bursts: 2,
    idempotent: true,
    op: async ({ target, index, signal }) => {
      const init = { method: 'POST', body: String(index), signal };
      return (await (await fetch(`${target?.url}${path}`, init)).json()) as string;
    },
    prepare: () => {
      state.applied = [];
      state.tries.clear();
    },
    readBack: async ({ target }) => (await get(target?.url, '/applied')) as number[],
    invariants: [exactlyOnce()],
  });

  it('are harmless for what is idempotent, and counted', async () => {
    const result = await measureConcurrency(subject('/apply'), { target: { url: server.url } });
    expect(result).toMatchObject({ verdict: 'pass', retried: 8, outcomes: { ok: 24, error: 0, unknown: 0 } });
  });

  it('show what only claims to be', async () => {
    const result = await measureConcurrency(subject('/again'), { target: { url: server.url } });
    expect(result).toMatchObject({ verdict: 'fail', violations: 8, violatedBursts: 2 });
    expect(result.findings[0]?.violations[0]?.message).toBe('0 took effect 2 times, asked for by client 0 in burst 0');
  });
});
