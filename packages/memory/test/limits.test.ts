import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { openSnapshot, runWithLimit, snapshotOf, takeSnapshot, type LimitOptions } from '../src/index.ts';
import { createControlGroup } from '../src/limits/control-group.ts';
import { Cleanup, fixture } from './support/programs.ts';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const filler = fixture('filler.cjs');
/** Programs that die of their memory collect for as long as they can: seconds of a processor that others want, too. */
const patience = { timeout: 120_000 };
const started = { interval: '20ms', module: filler, ready: /filling/, startTimeout: '60s' } as const;
const limited = { ...started, heapLimit: '24MiB' } as const;

describe('a heap limit', patience, () => {
  it('that is exceeded keeps all samples and says so', async () => {
    // It stays above 85 % until that was seen. A large young generation would be promoted in one go, past the limit.
    const execArgv = ['--max-semi-space-size=1'];
    const onApproach: LimitOptions['onApproach'] = ({ share }, target) =>
      share === 0.85 && process.kill(target.pid, 'SIGUSR2');
    const report = await runWithLimit({ ...limited, execArgv, args: ['climb', '21', '1'], onApproach });
    expect(report).toMatchObject({ outcome: 'js-oom', limitWas: 'exceeded', limit: 24 * 2 ** 20 });
    expect(report.because).toMatch(/SIGABRT|code 134/);
    expect(report.approaches.map(({ share }) => share)).toContain(0.85);
    expect(report.peak / report.limit).toBeGreaterThan(0.8);
    expect(report.timeline!.summary.samples).toBeGreaterThan(3);
    expect(report.timeline!.ended).toMatchObject({ code: 'target-ended' });
  });

  it('that comes near is seen from inside, once', async () => {
    const folder = cleanup.add(mkdtempSync(join(tmpdir(), 'perfkeel-near-')), (each) =>
      rmSync(each, { recursive: true }),
    );
    const report = await runWithLimit({
      ...limited,
      args: ['grow', '9'],
      heapLimit: '16MiB',
      snapshot: { in: folder },
      during: (_, signal) =>
        new Promise<void>((resolve) => {
          const timer = setInterval(() => {
            if (signal.aborted || readdirSync(folder).some((name) => name.endsWith('.br'))) {
              clearInterval(timer);
              resolve();
            }
          }, 20);
        }),
    });
    expect(report.snapshotError).toBeUndefined();
    expect(report.outcome).toBe('ok');
    expect(readdirSync(folder)).toEqual([`near-limit-${report.timeline!.pid}.heapsnapshot.br`]);
    expect(report.snapshot!.heapUsed).toBeGreaterThan(0.6 * report.limit);
    expect((await openSnapshot(report.snapshot!.file)).nodeCount).toBeGreaterThan(10_000);
  });

  it('that is exceeded before the program is ready, in one go, is a result too', async () => {
    const report = await runWithLimit({ ...limited, args: ['sync'], ready: /never/ });
    expect(report).toMatchObject({ outcome: 'js-oom', limitWas: 'exceeded', peak: 0 });
  });

  it('that is kept is a result as well, and so is a clean-up on approach', async () => {
    let climbs = 0;
    const report = await runWithLimit({
      ...limited,
      args: ['grow', '1000', '1'],
      heapLimit: '32MiB',
      during: async (_, signal) => {
        while (climbs < 2 && !signal.aborted) await sleep(20);
      },
      onApproach: ({ share }, target) => {
        if (share === 0.7) climbs += 1;
        process.kill(target.pid, 'SIGUSR2');
      },
    });
    expect(report.outcome).toBe('ok');
    const cleaned = report.approaches.filter(({ took }) => took !== undefined);
    expect(cleaned.length).toBeGreaterThan(0);
    expect(cleaned[0]!.lowest).toBeLessThan(cleaned[0]!.highest / 1.5);
    expect(() => process.kill(report.timeline!.pid, 0)).toThrow(/ESRCH/);
  });

  it('does not hide other ends', async () => {
    const ends = await Promise.all([
      runWithLimit({ ...limited, args: ['exit', '4'] }),
      runWithLimit({ ...limited, args: ['throw', '4'] }),
      runWithLimit({ ...limited, args: ['kill', '4'] }),
      runWithLimit({ ...limited, args: ['grow', '4'], timeout: '700ms' }),
    ]);
    expect(ends.map(({ outcome }) => outcome)).toEqual(['ok', 'crash', 'crash', 'timeout']);
    expect(ends.map(({ limitWas }) => limitWas)).toEqual(['respected', 'respected', 'respected', 'respected']);
    expect(ends[1].end!.stderr).toMatch(/no more orders/);
  });

  it('keeps what its work threw', async () => {
    const during = () => Promise.reject(new Error('lost the connection'));
    const report = await runWithLimit({ ...limited, args: ['grow', '4'], during });
    expect(report.outcome).toBe('ok');
    expect(report.workError).toMatchObject({ code: 'work-failed' });
  });

  it('declared wrongly is a usage error', async () => {
    await expect(runWithLimit({ module: filler })).rejects.toMatchObject({ code: 'bad-option', exitCode: 2 });
    await expect(runWithLimit({ module: filler, heapLimit: '1MB' })).rejects.toThrow(/heapLimit is 1MB/);
    await expect(runWithLimit({ module: filler, memoryLimit: '64MB' })).rejects.toThrow(/needs a cgroup/);
    await expect(runWithLimit({ command: ['sleep', '1'], heapLimit: '64MB' })).rejects.toThrow(/programs of Node/);
    await expect(runWithLimit({ module: filler, memoryLimit: '64MB', cgroup: '/nowhere/x' })).rejects.toMatchObject({
      code: 'no-control-group',
    });
  });
});

describe('a control group', patience, () => {
  it('whose kernel killed the program is told from any other kill', async () => {
    // An ordinary folder in place of the kernel's, in which the program itself leaves what the kernel would.
    const cgroup = cleanup.add(mkdtempSync(join(tmpdir(), 'perfkeel-group-')), (each) =>
      rmSync(each, { recursive: true }),
    );
    const report = await runWithLimit({
      module: fixture('killed-by-kernel.cjs'),
      args: [cgroup],
      memoryLimit: '64MiB',
      cgroup,
      interval: '20ms',
    });
    expect(report).toMatchObject({
      outcome: 'kernel-oom',
      limitWas: 'exceeded',
      peak: 64 * 2 ** 20,
      limit: 64 * 2 ** 20,
    });
    expect(report.end).toMatchObject({ signal: 'SIGKILL' });
    expect(existsSync(cgroup)).toBe(true);
  });
});

/** A folder of the system in which groups of memory can be made; root in a container mostly has one. */
const groups = ['/sys/fs/cgroup/memory', '/sys/fs/cgroup'].find((parent) => {
  // Of the first version there is a plain folder above its trees.
  if (!existsSync(join(parent, 'cgroup.procs'))) return false;
  try {
    const group = createControlGroup(parent, 64 * 2 ** 20);
    group.remove();
    return true;
  } catch {
    return false;
  }
});
if (groups === undefined) process.stderr.write('NOT RUN: a real control group, because none can be made here\n');

describe.runIf(groups !== undefined)('a real control group', patience, () => {
  const inGroup = { ...started, cgroup: groups! };

  it('refuses a snapshot for which there is no room in the group, whatever the machine has', async () => {
    let refused: unknown;
    const file = cleanup.add(join(tmpdir(), `refused-${process.pid}.heapsnapshot`), (each) =>
      rmSync(each, { force: true }),
    );
    const report = await runWithLimit({
      ...inGroup,
      // 14 times the 4 MB of its heap, with some to spare, do not fit; the program does.
      memoryLimit: '52MiB',
      args: ['grow', '4', '4'],
      during: async (target) => {
        const taken = takeSnapshot(file, { source: snapshotOf(target) });
        refused = await taken.catch((error: unknown) => error);
      },
    });
    expect(refused).toMatchObject({ code: 'not-enough-memory' });
    expect(refused).toMatchObject({ message: expect.stringMatching(/the control group has \S+ MB left$/) as string });
    expect(report.outcome).toBe('ok');
  });

  it('tells an engine that gave up from a kill by the kernel', async () => {
    const engine = await runWithLimit({
      ...inGroup,
      memoryLimit: '400MiB',
      args: ['grow', '1000', '4'],
      execArgv: ['--max-old-space-size=24'],
    });
    expect(engine).toMatchObject({ outcome: 'js-oom', limitWas: 'exceeded' });
    const kernel = await runWithLimit({ ...inGroup, memoryLimit: '80MiB', args: ['grow', '1000', '8'] });
    expect(kernel).toMatchObject({ outcome: 'kernel-oom', limitWas: 'exceeded', end: { signal: 'SIGKILL' } });
    expect(kernel.because).toMatch(/one kill for want of memory/);
    expect(kernel.peak).toBeGreaterThan(60 * 2 ** 20);
    expect(kernel.peak).toBeLessThanOrEqual(80 * 2 ** 20);
    expect(readdirSync(groups!).filter((name) => name.startsWith('perfkeel-'))).toEqual([]);
  });
});
