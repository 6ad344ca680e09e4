import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createArrivalSchedule, generateLoad, parseStages, type GenerateLoadOptions } from '../src/index.ts';
import { useWorkerFile } from '../src/workers/worker-file.ts';
import { refusingUrl, serveHttp, serveRaw, okAnswer, type TestServer } from './support/servers.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
// Inside the package, where what stays outside of the bundle is found.
const outdir = path(`../.from-source-${process.pid}`);
const servers: TestServer[] = [];

beforeAll(async () => {
  await build({
    entryPoints: { 'load-worker': path('../src/workers/load-worker.ts') },
    ...{ outdir, bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'error' },
    conditions: ['@perfkeel/source'],
    external: ['autocannon', 'undici'],
  });
  useWorkerFile(`${outdir}/load-worker.js`);
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  rmSync(outdir, { recursive: true, force: true });
});

async function serving(starting: Promise<TestServer>): Promise<string> {
  const server = await starting;
  servers.push(server);
  return server.url;
}

const options = (url: string, more: object = {}): GenerateLoadOptions =>
  ({ url, requests: { path: '/' }, rate: '400/s', for: '200ms', warmup: '50ms', workers: 2, ...more }) as never;

describe.concurrent('workers', () => {
  it('send exactly what one thread would, each its part', async () => {
    let arrived = 0;
    const url = await serving(
      serveHttp((_, response) => {
        arrived += 1;
        response.end('ok');
      }),
    );
    const stages = ['warm up at 100/s for 100ms', 'ramp to 500/s over 300ms', 'rest for 50ms', 'hold 200/s for 100ms'];
    const poisson = { arrivals: 'poisson', seed: 5 } as const;
    const { phases } = parseStages(stages);
    const schedule = createArrivalSchedule({ phases, ...poisson });
    const result = await generateLoad({ url, requests: { path: '/' }, stages, workers: 3, ...poisson } as never);
    expect(arrived).toBe(schedule.count);
    const due = [0, 0, 0, 0];
    for (const walk = schedule.walk(); walk.dueAt !== Infinity; walk.advance()) due[walk.phase]! += 1;
    expect(result.phases.map(({ name, scheduled, completed }) => [name, scheduled, completed])).toEqual([
      ['ramp', due[1], due[1]],
      ['hold', due[3], due[3]],
    ]);
    expect(result.responseTime.count).toBe(due[1]! + due[3]!);
    expect(result.series.reduce((sum, { completed }) => sum + completed, 0)).toBe(schedule.count);
  });

  it('count what happened to every request, whoever sent it', async () => {
    const url = await serving(
      serveRaw((socket, index) => (index % 10 === 9 ? socket.resetAndDestroy() : socket.write(okAnswer))),
    );
    const { scheduled, completed, failed, dropped, failures, firstMessages, responseTime } = await generateLoad(
      options(url, { requests: { path: '/', name: 'only' }, warmup: '0s' }),
    );
    expect([scheduled, completed, failed, dropped, failures.reset]).toEqual([80, 72, 8, 0, 8]);
    expect([responseTime.count, Object.keys(firstMessages)]).toEqual([80, ['reset']]);
  });

  it('share the clients and the mix of a closed model', async () => {
    let [open, most] = [0, 0];
    const seen = new Map<string, number>();
    const url = await serving(
      serveHttp((request, response) => {
        const key = `${request.method} ${request.url}`;
        seen.set(key, (seen.get(key) ?? 0) + 1);
        most = Math.max(most, ++open);
        setTimeout(() => {
          open -= 1;
          response.end('ok');
        }, 15);
      }),
    );
    const requests = [
      { path: '/a', weight: 3 },
      { path: '/b', body: { id: 1 } },
    ];
    // Long enough for both to be at work at once, also where one of them gets its processor late.
    const result = await generateLoad(options(url, { requests, rate: undefined, clients: 5, for: '1500ms' }));
    expect([most, result.failed, result.dropped]).toEqual([5, 0, 0]);
    // Each of the two has sent whole cycles of three and one, and a part of another.
    expect(Math.abs(seen.get('GET /a')! - 3 * seen.get('POST /b')!)).toBeLessThanOrEqual(6);
    expect(result.health.eventLoopUtilisation).toBeLessThanOrEqual(1);
  });

  it('stop when they are told to', async () => {
    const url = await serving(serveHttp(() => {}));
    const result = await generateLoad(options(url, { for: '20s', warmup: '0s', signal: AbortSignal.timeout(600) }));
    expect(result).toMatchObject({ scheduled: 8000, completed: 0, failed: 0, dropped: 8000, interrupted: true });
  });

  it('say that a target was never there', async () => {
    const attempt = generateLoad(options(await refusingUrl(), { for: '20s' }));
    await expect(attempt).rejects.toMatchObject({ code: 'target-refused', exitCode: 4 });
  });

  it('refuse a url that is none before anything is sent', async () => {
    await expect(generateLoad(options('ftp://127.0.0.1'))).rejects.toMatchObject({ code: 'bad-load', exitCode: 2 });
  });
});
