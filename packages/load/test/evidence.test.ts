import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateLoad, load, type DiagnosisId, type LoadResult } from '../src/index.ts';
import { roundContext } from './support/round-context.ts';
import { serveHttp, startScript, type TestServer } from './support/servers.ts';

let server: TestServer;
let url: string;
beforeAll(async () => {
  // So many collections would take the code of the server for unused, and it would be compiled again and again.
  server = await startScript('faulty-server.mjs', [], ['--expose-gc', '--no-flush-bytecode']);
  ({ url } = server);
});
afterAll(() => server.close());

// Clients that pause, each for another time: a busy machine makes them slower, and no other load than the intended one.
const work = {
  requests: Array.from({ length: 10 }, (_, i) => ({ path: `/items/${i}` })),
  clients: 12,
  think: { from: '50ms', to: '150ms' },
  for: '600ms',
  warmup: '100ms',
  evidence: { metrics: '/metrics', every: '200ms' },
} as const;

/** What is not known, but for what the machine may have done itself. */
const lacking = ({ evidence }: LoadResult): readonly string[] =>
  evidence!.unjudged.filter((phrase) => !phrase.endsWith('on a machine whose programs wait for processors'));

/** On a machine that has no time for it little is known, and that is said: then it is measured again, for longer. */
async function measure(fault: string): Promise<LoadResult> {
  await (await fetch(`${url}/become?${fault}`)).text();
  let result = await generateLoad({ url, ...work });
  for (const time of ['1.2s', '3s', '6s'] as const) {
    if (lacking(result).length === 0) break;
    result = await generateLoad({ url, ...work, for: time });
  }
  return result;
}

describe('what holds a server up', () => {
  it.each<[string, DiagnosisId | undefined, RegExp]>([
    [
      'pool',
      'pool-exhausted',
      /^work waited \d+(\.\d+)? m?s on average for one of 2 pooled connections \(up to \d+ at once\)/,
    ],
    ['query', 'slow-queries', /^a query took \d+(\.\d+)? ms on average, and queries were \d+(\.\d+)? % of the time/],
    ['block', 'event-loop-blocked', /^each request held up the event loop for \d+/],
    ['cache', 'cache-ineffective', /^the cache answered 0 % of the reads, below 70 %; each of \d+ misses took \d+/],
    ['garbage', 'gc-pressure', /^collecting garbage took \d+(\.\d+)? % of the time of the target: \d+ collections/],
    ['healthy', undefined, /^$/],
  ])('%s', async (fault, expected, sentence) => {
    const result = await measure(fault);
    const { evidence } = result;
    const [first] = evidence!.diagnoses;
    expect(first?.id, first?.evidence).toBe(expected);
    expect(first?.evidence.replace(/^possibly: /, '') ?? '').toMatch(sentence);
    expect(first === undefined || first.remedies.length > 0).toBe(true);
    expect([lacking(result), evidence?.missing]).toEqual([[], []]);
  });

  it('a few requests that wait for long, unless the machine may have held them up itself', async () => {
    await (await fetch(`${url}/become?tail`)).text();
    const { evidence, health, warnings } = await generateLoad({ url, ...work, for: '1.5s' });
    const isCalm = (health.pressure ?? 0) <= 0.25 && warnings.every(({ forbids }) => forbids !== 'verdict');
    const found = evidence?.diagnoses.map(({ id }) => id);
    if (!isCalm) expect(found).not.toContain('tail-only');
    else {
      expect(found).toEqual(['tail-only']);
      expect(evidence?.diagnoses[0]?.evidence).toMatch(/ queries took \d+ ms at p99, and/);
    }
  });
});

describe('evidence in a round', () => {
  it('is measured beside the load, over the same time, and says what was found', async () => {
    await (await fetch(`${url}/become?query`)).text();
    const declared = load('asked', { url, ...work, for: '700ms' });
    const { measurements } = await declared.instrument(roundContext({ target: { url } }));
    const valueOf = (id: string): number => {
      const data = measurements.find(({ metric, data: { kind } }) => metric === id && kind === 'exact')?.data;
      return data?.kind === 'exact' ? data.value : NaN;
    };
    expect(valueOf('cache-hits')).toBe(1);
    expect(valueOf('query-time')).toBeGreaterThanOrEqual(44e6);
    expect(valueOf('handling-time')).toBeGreaterThanOrEqual(valueOf('query-time'));
    const course = measurements.find(({ metric, data }) => metric === 'query-time' && data.kind === 'series')?.data;
    const moments = course?.kind === 'series' ? course.points.map(([at]) => at) : [];
    expect(moments.length).toBeGreaterThanOrEqual(3);
    expect(moments).toEqual([...moments].sort((a, b) => a - b));
    const { warnings = [] } = measurements.find(({ metric }) => metric === 'response-time')!;
    const spoilt = warnings.some(({ forbids }) => forbids === 'verdict');
    const found = warnings.filter(({ remedies }) => remedies !== undefined).map(({ code }) => code);
    expect(found).toEqual(spoilt ? [] : ['slow-queries']);
  });

  it.each([
    [
      'a page that is none',
      'nothing here',
      200,
      /^the metrics at \S+\/metrics could not be read: its answer is no text/,
    ],
    [
      'no page',
      '',
      404,
      /^the metrics at http:\/\/127\.0\.0\.1:\d+\/metrics could not be read: it answered with status 404$/,
    ],
    ['a page without end', 'up 1\n'.repeat(500_000), 200, /could not be read: it has more than 2 MB, and reading so/],
  ])('of %s says why there is none, and the load is measured all the same', async (_, text, status, message) => {
    const other = await serveHttp((request, response) =>
      request.url?.startsWith('/metrics') ? response.writeHead(status).end(text) : response.end('ok'),
    );
    const result = await generateLoad({
      ...{ url: other.url, requests: { path: '/' }, rate: '100/s', for: '200ms', warmup: '0s' },
      evidence: { metrics: '/metrics?token=secret', every: '100ms' },
    });
    await other.close();
    expect([result.completed, result.evidence?.diagnoses]).toEqual([20, []]);
    expect(result.evidence?.missing).toEqual([expect.stringMatching(message)]);
    expect(result.evidence?.unjudged).toEqual(['the target, which told nothing']);
  });
});

describe('a page that never comes', () => {
  const work = { requests: { path: '/' }, rate: '100/s', warmup: '0s' } as const;
  const silent = (): Promise<TestServer> =>
    serveHttp((request, response) => void (request.url === '/metrics' || response.end('ok')));

  it('costs a round two seconds at most, and is told', async () => {
    const other = await silent();
    const began = performance.now();
    const result = await generateLoad({
      ...{ url: other.url, ...work, for: '200ms', evidence: { metrics: '/metrics', every: '100ms' } },
    });
    // Half a second before and one and a half behind it; the rest is for a busy machine.
    expect(performance.now() - began).toBeLessThan(200 + 2000 + 2500);
    await other.close();
    expect(result.completed).toBe(20);
    expect(result.evidence?.missing).toEqual([
      expect.stringMatching(/could not be read: no answer within (1 s|1.5 s after the load)$/),
    ]);
    expect(result.evidence?.unjudged).toEqual(['the target, which told nothing']);
  });

  it.each([100, 900])('holds up no interruption, %d ms from its beginning', async (ms) => {
    const other = await silent();
    const controller = new AbortController();
    let aborted = NaN;
    setTimeout(() => {
      aborted = performance.now();
      controller.abort();
    }, ms);
    const { signal } = controller;
    const result = await generateLoad({
      ...{ url: other.url, ...work, for: '20s', signal, evidence: { metrics: '/metrics', every: '5s' } },
    });
    expect(performance.now() - aborted).toBeLessThan(1000);
    expect([result.interrupted, result.evidence]).toEqual([true, undefined]);
    await other.close();
  });
});
