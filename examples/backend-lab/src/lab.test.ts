import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startBalancer } from './balancer.ts';
import { startLab, type Lab } from './lab.ts';
import { defaultOptions } from './lab-options.ts';

async function post(lab: Lab, path: string, body: string): Promise<Response> {
  return fetch(`${lab.url}${path}`, { method: 'POST', body });
}

describe('the lab', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ ...defaultOptions, pool: 2, queryMs: 5 });
  });
  afterAll(() => lab.close());

  it('answers after the time and with the size that it is asked for', async () => {
    const start = performance.now();
    const response = await fetch(`${lab.url}/work?delay=50&bytes=1234`);
    expect((await response.text()).length).toBe(1234);
    // Timers may fire a millisecond early.
    expect(performance.now() - start).toBeGreaterThanOrEqual(49);
  });

  it('says how many bytes arrived', async () => {
    expect(await (await post(lab, '/work', 'x'.repeat(100_000))).text()).toBe('100000 bytes');
  });

  it.each(['/work?delay=soon', '/work?delay=-1', '/work?bytes=-1', '/work?bytes=1e12'])('refuses %s', async (path) => {
    const response = await fetch(`${lab.url}${path}`);
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/is not a delay|is no size/);
  });

  it('answers 404 to what it does not know, in another method too', async () => {
    expect((await fetch(`${lab.url}/constructor`)).status).toBe(404);
    expect((await post(lab, '/health', '')).status).toBe(404);
  });

  it('queries its database through the pool, more at once than it has connections', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(`${lab.url}/query`)));
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(Array(8).fill('ok'));
  });

  it('delivers to subscribers of both kinds, and to nobody else', async () => {
    const stream = (await fetch(`${lab.url}/events?topic=news`)).body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await stream.read()).value).toBe('event: ready\ndata:\n\n');
    const socket = new WebSocket(`${lab.url.replace('http', 'ws')}/socket?topic=news`);
    const heard: string[] = [];
    const two = new Promise<void>((resolve) =>
      socket.on('message', (data: Buffer) => {
        if (heard.push(data.toString()) === 1) void post(lab, '/publish?topic=news', 'hello');
        else resolve();
      }),
    );
    await two;
    expect(heard).toEqual(['ready', 'hello']);
    expect((await stream.read()).value).toBe('data: hello\n\n');
    expect(await (await post(lab, '/publish?topic=other', 'hello')).json()).toEqual({ delivered: 0 });
    socket.terminate();
    await stream.cancel();
  });

  it('gives out blocks that do not overlap with its lock, and the same one without', async () => {
    const reserve = async (path: string): Promise<Set<number>> => {
      await fetch(`${lab.url}/reserved`, { method: 'DELETE' });
      const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => post(lab, path, String(i))));
      const blocks = await Promise.all(answers.map(async (answer) => (await answer.json()) as { from: number }));
      return new Set(blocks.map(({ from }) => from));
    };
    expect([...(await reserve('/reserve'))].sort((a, b) => a - b)).toEqual([1, 11, 21, 31, 41, 51, 61, 71, 81, 91]);
    expect((await reserve('/reserve-without-lock')).size).toBeLessThan(10);
  });
});

describe('the balancer', () => {
  it('asks its backends in turn, passes bodies on, and says when one does not answer', async () => {
    const one = await startLab(defaultOptions);
    const balancer = await startBalancer([one.url, 'http://127.0.0.1:1']);
    const asked = async (): Promise<[number, string | null, string]> => {
      const response = await post(balancer, '/work', 'abc');
      return [response.status, response.headers.get('x-backend'), await response.text()];
    };
    expect(await asked()).toEqual([200, one.url, '3 bytes']);
    const [status, , text] = await asked();
    expect([status, text]).toEqual([502, expect.stringContaining('http://127.0.0.1:1: connect ECONNREFUSED')]);
    expect(await asked()).toEqual([200, one.url, '3 bytes']);
    await balancer.close();
    await one.close();
  });
});
