import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createMonitor, readTimeline, startChild, type ChildTarget, type MonitorEvent } from '../src/index.ts';
import { Cleanup, server } from './support/programs.ts';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

async function serverTarget(): Promise<{ target: ChildTarget; ask: (path: string) => Promise<Response> }> {
  const target = await startChild({ module: server, ready: /listening on (\d+)/ });
  cleanup.add(target, (each) => each.close());
  return { target, ask: (path) => fetch(`http://127.0.0.1:${target.said![1]}${path}`) };
}

const temporary = (): string =>
  cleanup.add(mkdtempSync(join(tmpdir(), 'perfkeel-monitor-')), (folder) => rmSync(folder, { recursive: true }));

describe('a monitor', () => {
  it('sees what happens without causing a collection, and stores all of it', async () => {
    const { target, ask } = await serverTarget();
    const checkpoint = join(temporary(), 'memory.ndjson');
    const called: MonitorEvent[] = [];
    const iterated: MonitorEvent[] = [];
    const monitor = createMonitor(target, { interval: '20ms', checkpoint, onEvent: (event) => called.push(event) });
    const iterating = (async () => {
      for await (const event of monitor.events()) iterated.push(event);
    })();
    const answered = (): number => called.filter((event) => event.type === 'sample' && event.answered).length;
    const more = (count: number) =>
      expect.poll(answered, { timeout: 20_000, interval: 5 }).toBeGreaterThanOrEqual(answered() + count);
    await more(3);
    monitor.mark('kept');
    await ask(`/keep?bytes=${20e6}`);
    await more(3);
    monitor.mark('garbage');
    await ask('/garbage');
    await more(2);
    const timeline = await monitor.stop();
    await iterating;
    const { summary, events } = timeline;
    expect(timeline.ended).toBeUndefined();
    expect(called).toEqual(events);
    expect(iterated).toEqual(events);
    expect(summary.collections.forced).toBe(0);
    expect(summary.phases.map(({ name }) => name)).toEqual(['kept', 'garbage']);
    expect(summary.phases[0]!.change.heapUsed!).toBeGreaterThan(19e6);
    expect(summary.phases[1]!.collections.count).toBeGreaterThan(0);
    expect(summary.samples).toBeGreaterThan(4);
    const stored = readTimeline(checkpoint);
    expect(stored.events).toEqual(events);
    expect(stored.segment).toBe(target.segment);
    expect(stored.summary.collections.total).toBe(summary.collections.total);
    expect(await monitor.stop()).toBe(timeline);
    expect((await target.read()).answered).toBe(true);
  });

  it('collects between phases whose growth it is asked for', async () => {
    const { target, ask } = await serverTarget();
    const monitor = createMonitor(target, { interval: '1s' });
    await monitor.phase('keep', 2);
    await ask(`/keep?bytes=${4e6}`);
    await monitor.phase('garbage');
    await ask('/garbage');
    const { summary, events } = await monitor.stop();
    expect(events.filter((event) => event.type === 'sample' && event.collected)).toHaveLength(3);
    expect(summary.growth.map(({ name, phases, occurrences }) => [name, phases, occurrences])).toEqual([
      ['keep', 1, 2],
      ['garbage', 1, 1],
    ]);
    const [kept, garbage] = summary.growth;
    expect(kept!.bytes / 4e6).toBeCloseTo(1, 0);
    expect(kept!.perOccurrence.value).toBe(kept!.bytes / 2);
    expect(Math.abs(garbage!.bytes)).toBeLessThan(1e6);
  });

  it('keeps what it saw of a target that dies', async () => {
    const { target } = await serverTarget();
    let seen = 0;
    const monitor = createMonitor(target, { interval: '20ms', onEvent: () => (seen += 1) });
    await expect.poll(() => seen, { timeout: 10_000 }).toBeGreaterThan(3);
    process.kill(target.pid, 'SIGKILL');
    await target.ended;
    const { ended, events } = await monitor.stop();
    expect(ended).toMatchObject({ code: 'target-ended' });
    expect(ended!.message).toMatch(/was ended by SIGKILL/);
    expect(events.length).toBeGreaterThan(3);
  });

  it('ends, and lets the target live, when its listener throws', async () => {
    const { target } = await serverTarget();
    let calls = 0;
    const monitor = createMonitor(target, {
      interval: '10ms',
      onEvent: () => {
        calls += 1;
        throw new Error('no room');
      },
    });
    await expect.poll(() => calls, { timeout: 20_000 }).toBeGreaterThan(0);
    expect((await monitor.stop()).ended).toMatchObject({ code: 'monitor-ended' });
    expect((await target.read()).answered).toBe(true);
  });

  it('declared wrongly is a usage error', async () => {
    const { target } = await serverTarget();
    expect(() => createMonitor(target, { interval: '0ms' })).toThrow(/interval/);
    expect(() => createMonitor(target, { interval: 'soon' as '1s' })).toThrow(/not a duration/);
    expect(() => createMonitor(target, { checkpoint: '/no/such/folder/x' })).toThrow(/could not be written/);
  });
});
