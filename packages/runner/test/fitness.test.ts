import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Run } from '@perfkeel/core';
import { samplePlan, sampleRun } from '@perfkeel/core/testing';
import {
  assembleRun,
  examineMachine,
  fitnessWarnings,
  measureProject,
  watchRound,
  type RunEvent,
} from '@perfkeel/runner';
import { createTempProject, type TempProject } from '../../../tools/test-support/temp-project.ts';
import { disturbanceBetween } from '../src/fitness/disturbance.ts';
import { repeatWork } from '../src/fitness/repeat-work.ts';
import { readMoment } from '../src/fitness/round-moment.ts';
import { customNoun } from './custom-noun.ts';
import { Hogs } from './hogs.ts';

const hogs = new Hogs();
let project: TempProject | undefined;
afterEach(async () => {
  await hogs.end();
  project?.remove();
});

const linux = process.platform === 'linux';

describe('the machine', () => {
  it('is unfit with a hog on every processor: found in a moment, with advice', async () => {
    await hogs.start();
    const begun = performance.now();
    const { fit, findings } = await examineMachine();
    // On a busy machine threads take long to start.
    expect(performance.now() - begun).toBeLessThan(5000);
    const byId = new Map(findings.map((found) => [found.id, found]));
    expect(fit).toBe(false);
    expect(byId.get('share')).toMatchObject({ status: 'unfit' });
    expect(byId.get('repeatability')).toMatchObject({ status: 'unfit' });
    if (linux) expect(byId.get('foreign')).toMatchObject({ status: 'note' });
    expect([...byId.keys()]).toEqual(expect.arrayContaining(['timers', 'clock', 'cores', 'memory', 'node', 'flags']));
    expect(byId.size).toBe(findings.length);
    for (const { status, advice } of findings) expect((advice ?? '') === '').toBe(status === 'ok');
    expect(byId.get('clock')!.value).toMatch(/^step [\d.]+ (ns|µs), [\d.]+ (ns|µs) a reading$/);
  });

  it('does the same work in fresh processes, and each takes about as long', async () => {
    const [first = NaN, second = NaN] = await repeatWork(2);
    expect(first).toBeGreaterThan(0.005);
    // The lower quartile holds still while other programs run; twice the time would be another workload.
    expect(Math.max(first, second) / Math.min(first, second)).toBeLessThan(2);
  });
});

describe.runIf(linux)('what a round uses itself is not foreign', () => {
  /** A process that starts another one, which spins; then it spins too. */
  const family = `require('node:child_process').spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
    process.stdout.write('up'); for (;;);`;

  it('neither that of its process nor that of what the process started', async () => {
    const child = spawn(process.execPath, ['-e', family], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      await once(child.stdout, 'data');
      await sleep(100);
      const [known, unknown] = [new Set([child.pid!]), new Set<number>()];
      const [from, fromUnknown] = [readMoment(known)!, readMoment(unknown)!];
      await sleep(700);
      const [to, toUnknown] = [readMoment(known)!, readMoment(unknown)!];
      const mine = disturbanceBetween(from, to).foreign!;
      const all = disturbanceBetween(fromUnknown, toUnknown).foreign!;
      const used = (moment: typeof to): number => moment.own.reduce((sum, { usedMs }) => sum + usedMs, 0);
      const own = (used(to) - used(from)) / (to.atMs - from.atMs);
      expect(to.own.map(({ parent }) => parent).sort()).toEqual([process.pid, child.pid].sort());
      // Both spin: together they get a good part of a processor on any machine, and exactly that is not foreign.
      expect(own).toBeGreaterThan(0.1);
      expect(all - mine).toBeGreaterThan(own * 0.8 - 0.1);
      expect(all - mine).toBeLessThan(own * 1.2 + 0.1);
    } finally {
      process.kill(-child.pid!, 'SIGKILL');
    }
  });
});

describe.runIf(linux)('a round is watched', () => {
  it('hogs that take processors from it forbid it to fail, and are named', async () => {
    await hogs.start();
    const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
    try {
      // While it lives: a process that is gone cannot be asked how long it waited.
      const { result, warning } = await watchRound({ pids: [child.pid!] }, () => sleep(700, 'measured'));
      expect(result).toBe('measured');
      expect(warning).toMatchObject({ code: 'disturbed', forbids: 'fail' });
      expect(warning?.message).toMatch(
        /^other programs took [\d.]+ of \d+ processors \(the most \S.*, process \d+\) for .* and what was measured waited [\d.]+ % of that time for one$/,
      );
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('a round that throws still throws', async () => {
    const failing = watchRound({ pids: [] }, () => Promise.reject(new Error('no database')));
    await expect(failing).rejects.toThrow('no database');
  });
});

describe('a run', () => {
  /** Work that misses one promise and keeps another, on times; a third is not about times. */
  const perfFile = `
    import { probe, sample } from './noun.ts';
    const work = () => { const end = Date.now() + 1000; while (Date.now() < end); };
    probe('busy', { rounds: 1, objectives: ['max < 1us', 'max < 1s', 'errors = 0'], measure: () => {
      work();
      return { measurements: [sample(5000), { metric: 'errors', data: { kind: 'count', events: 1, trials: 10 } }] };
    } });`;

  it.runIf(linux)(
    'hogs that start in the middle turn a fail on times into inconclusive, and nothing else',
    async () => {
      project = createTempProject({ 'noun.ts': customNoun, 'a.perf.ts': perfFile });
      const events: string[] = [];
      const onEvent = (event: RunEvent): void => {
        events.push(event.type);
        if (event.type === 'round') void hogs.start();
      };
      const run = await measureProject({
        root: project.root,
        tool: 'test',
        conditions: ['@perfkeel/source'],
        examine: true,
        onEvent,
      });
      expect(events.slice(0, 2)).toEqual(['examined', 'planned']);
      const codes = run.measurements.map(({ warnings }) => warnings.map(({ code }) => code));
      expect(codes).toEqual([['disturbed'], []]);
      expect(run.judgements.map(({ objective, verdict }) => [objective, verdict.kind])).toEqual([
        ['max < 1us', 'inconclusive'],
        ['max < 1s', 'pass'],
        ['errors = 0', 'fail'],
      ]);
      // The hogs run on: the second look finds them.
      expect(run.environment.fitness?.fit).toBe(false);
      expect(run.environment.warnings).toMatchObject([{ code: 'unfit-machine', forbids: 'fail' }]);
    },
  );

  it('a rehearsal looks at nothing', async () => {
    project = createTempProject({ 'noun.ts': customNoun, 'a.perf.ts': perfFile.replace('1000', '1') });
    const events: string[] = [];
    const run = await measureProject({
      root: project.root,
      tool: 'test',
      conditions: ['@perfkeel/source'],
      examine: true,
      short: true,
      onEvent: ({ type }) => void events.push(type),
    });
    expect(events).not.toContain('examined');
    expect(run.environment.fitness).toBeUndefined();
  });

  const parts = (fit: boolean): Run => {
    const found = { id: 'share', title: 'Processor share', status: fit ? 'ok' : 'unfit', value: '51 %' } as const;
    const fitness = { fit, findings: [found] };
    const objectives = ['p99 < 1us', 'p99 < 1s', 'throughput > 1000000/s', 'errors = 0'];
    const errors = { kind: 'count', events: 3, trials: 1000 } as const;
    const run = sampleRun({ plans: [samplePlan({ objectives })] });
    return {
      ...run,
      environment: { ...run.environment, fitness, warnings: fitnessWarnings(fitness, 'when the run began') },
      measurements: run.measurements.map((m) => (m.metric === 'errors' ? { ...m, data: errors } : m)),
    };
  };

  it.each([
    [true, ['fail', 'pass', 'fail', 'fail'], 'fail'],
    // Failed requests are no less failed on a busy machine; the verdict of the whole stays a fail because of them.
    [false, ['inconclusive', 'pass', 'inconclusive', 'fail'], 'fail'],
  ])('on a machine that is fit: %s', (fit, kinds, whole) => {
    const run = assembleRun(parts(fit));
    expect(run.judgements.map(({ verdict }) => verdict.kind)).toEqual(kinds);
    expect(run.verdict.kind).toBe(whole);
    if (fit) return;
    expect(run.judgements[0]?.verdict.reasons).toEqual([
      { code: 'not-valid', message: 'the machine was unfit when the run began: processor share: 51 %' },
    ]);
  });
});
