import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { attachTo, readSoak, soak, startChild, thisProcess, type SoakLine, type SoakOptions } from '../src/index.ts';
import { Cleanup, bundled, kill, plainProgram, server } from './support/programs.ts';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const checkpointFile = (): string =>
  join(
    cleanup.add(mkdtempSync(join(tmpdir(), 'perfkeel-soak-')), (folder) => rmSync(folder, { recursive: true })),
    'soak.ndjson',
  );

/** Ten requests that keep 8 KB each. */
const keeping =
  (port: () => string | undefined): SoakOptions['during'] =>
  async () => {
    for (let i = 0; i < 10; i++) await (await fetch(`http://127.0.0.1:${port()}/keep?bytes=8000`)).text();
    return 10;
  };

function expectContiguous(lines: readonly SoakLine[]): void {
  expect(lines.map(({ round }) => round)).toEqual(lines.map((_, i) => i));
  lines.slice(1).forEach(({ phase, iterations, at }, i) => {
    expect(iterations - lines[i]!.iterations).toBe(phase === 'work' ? 10 : 0);
    expect(at).toBeGreaterThan(lines[i]!.at);
  });
}

describe('a soak', () => {
  it('survives kill -9 of the one who drives, and goes on in the same life of the target', async () => {
    const { child, said } = await plainProgram(['--inspect-port=127.0.0.1:0', server]);
    cleanup.add(child, kill);
    const port = said.split(' ').at(-1)!;
    const checkpoint = checkpointFile();
    const program = await bundled('soak-driver.mjs', join(checkpoint, '../driver.mjs'));
    const driver = spawn(process.execPath, [program, String(child.pid), port, checkpoint], { stdio: 'inherit' });
    cleanup.add(driver, kill);
    await expect
      .poll(() => existsSync(checkpoint) && readFileSync(checkpoint, 'utf8').split('\n').length, { timeout: 15_000 })
      .toBeGreaterThan(6);
    driver.kill('SIGKILL');
    await once(driver, 'exit');
    const before = readSoak(checkpoint);
    appendFileSync(checkpoint, '{"type":"round","phase":"wo');
    const abort = new AbortController();
    const report = await soak({
      target: () => attachTo({ pid: child.pid! }),
      during: keeping(() => port),
      for: '1m',
      every: '50ms',
      idle: { every: 3, for: '50ms' },
      checkpoint,
      resume: true,
      signal: abort.signal,
      onLine: ({ phase }) => void (phase === 'idle' && abort.abort()),
    });
    expect(report.ended).toBeUndefined();
    expect(report.isComplete).toBe(false);
    expect(report.lines.slice(0, before.length)).toEqual(before);
    expect(report.lines).toEqual(readSoak(checkpoint));
    expectContiguous(report.lines);
    expect(report.segments).toHaveLength(1);
    expect(report.lines.filter(({ phase }) => phase === 'begin')).toHaveLength(2);
    expect(report.lines.at(-1)!.phase).toBe('idle');
    const [first, last] = [report.lines[0]!, report.lines.at(-1)!];
    expect((last.heapData! - first.heapData!) / report.iterations).toBeGreaterThan(7500);
    // What was done between the last line and the kill is kept by the target, and counted by nobody.
    expect((last.heapData! - first.heapData!) / report.iterations).toBeLessThan(16_000);
  });

  it('begins a new segment with every new life of its target, and ends when there are too many', async () => {
    const checkpoint = checkpointFile();
    const abort = new AbortController();
    let port: string | undefined;
    const report = await soak({
      target: async () => {
        const target = await startChild({ module: server, ready: /listening on (\d+)/ });
        port = target.said?.[1];
        return target;
      },
      during: async (work) => {
        if (work.round === 3) process.kill(work.target.pid, 'SIGKILL');
        return keeping(() => port)(work);
      },
      onLine: ({ round }) => void (round === 7 && abort.abort()),
      signal: abort.signal,
      for: '1m',
      every: '1s',
      checkpoint,
      planned: '8h',
    });
    expect(report.ended).toBeUndefined();
    expect(report.isComplete).toBe(false);
    expect(report.segments.map(({ rounds }) => rounds)).toEqual([2, 4]);
    expect(report.lines.map(({ phase }) => phase[0]).join('')).toBe('bwwbwwww');
    expect(report.projection!.iterations).toBeCloseTo((60 / (report.soaked / 1e9)) * 8 * 3600, 5);
    expect(report.projection!.upper).toBe(Infinity);
  });

  it('keeps its lines when the target or the work ends, and says which', async () => {
    const target = await startChild({ module: server, ready: /listening on (\d+)/ });
    cleanup.add(target, (each) => each.close());
    const failing = (checkpoint: string, during: SoakOptions['during']) =>
      soak({ target, during, for: '1m', every: '1s', checkpoint });
    const worked = await failing(checkpointFile(), ({ round }) => (round > 2 ? Promise.reject(new Error('no')) : 1));
    expect(worked.ended).toMatchObject({ code: 'work-failed' });
    expect(worked.lines).toHaveLength(3);
    const counted = await failing(checkpointFile(), () => NaN);
    expect(counted.ended!.message).toMatch(/during returned NaN/);
    const died = await failing(checkpointFile(), async ({ round }) => {
      if (round === 2) process.kill(target.pid, 'SIGKILL');
      await sleep(10);
      return 1;
    });
    expect(died.ended).toMatchObject({ code: 'target-ended' });
    expect(died.lines).toHaveLength(2);
  });

  it('is complete when its time is over', async () => {
    const target = await startChild({ module: server });
    cleanup.add(target, (each) => each.close());
    const report = await soak({ target, during: () => 5, for: '200ms', checkpoint: checkpointFile() });
    expect(report.isComplete).toBe(true);
    expect(report.iterations).toBe((report.lines.length - 1) * 5);
    expect((await target.read()).answered).toBe(true);
  });

  it('keeps none of its lines in the process that it may be looking at', async () => {
    const abort = new AbortController();
    const lines: WeakRef<SoakLine>[] = [];
    let alive = NaN;
    await soak({
      target: thisProcess(),
      during: () => 1,
      for: '1m',
      every: '1ms',
      checkpoint: checkpointFile(),
      signal: abort.signal,
      // All garbage was collected just before.
      onLine: (line) => {
        alive = lines.slice(0, 2).filter((each) => each.deref() !== undefined).length;
        if (lines.push(new WeakRef(line)) === 5) abort.abort();
      },
    });
    expect(alive).toBe(0);
  });

  it('declared wrongly is a usage error', async () => {
    const checkpoint = checkpointFile();
    const options = {
      target: () => Promise.reject(new Error('never opened')),
      during: () => 1,
      for: '1s',
      checkpoint,
    } as const;
    await expect(soak({ ...options, for: '0s' })).rejects.toMatchObject({ code: 'bad-option', exitCode: 2 });
    await expect(soak({ ...options, idle: { every: 0, for: '1s' } })).rejects.toMatchObject({ code: 'bad-option' });
    await expect(soak({ ...options, checkpoint: '' })).rejects.toMatchObject({ code: 'bad-option' });
    appendFileSync(checkpoint, '{"type":"monitor"}\n');
    await expect(soak(options)).rejects.toMatchObject({ code: 'checkpoint-exists', exitCode: 2 });
    await expect(soak({ ...options, resume: true })).rejects.toMatchObject({ code: 'foreign-log' });
    expect(readFileSync(checkpoint, 'utf8')).toBe('{"type":"monitor"}\n');
  });
});
