import type { Finding, FindingStatus, Fitness } from '@perfkeel/core';
import { describe, expect, it } from 'vitest';
import { clockSource } from './clock-findings.ts';
import { fitnessWarnings, joinFitness } from './join-fitness.ts';
import { nodeFindings, type NodeStart } from './node-findings.ts';
import { quietFindings } from './quiet-findings.ts';
import type { QuietTime } from './quiet-probe.ts';
import { spinFindings } from './spin-findings.ts';
import { parseMemory, systemFindings } from './system-findings.ts';

const statuses = (findings: readonly Finding[]): Record<string, FindingStatus> =>
  Object.fromEntries(findings.map(({ id, status }) => [id, status]));

describe('spinning threads', () => {
  const steady = Array.from({ length: 100 }, () => 0.5);

  it.each<[string, number[], FindingStatus]>([
    ['an idle machine', [0.995, 0.98], 'ok'],
    ['a program now and then', [0.95, 0.94], 'note'],
    ['a hog on one of two processors', [0.99, 0.5], 'unfit'],
    ['a hog on each', [0.5, 0.5], 'unfit'],
    ['a hog on one of sixteen', [...Array.from({ length: 15 }, () => 0.99), 0.5], 'note'],
  ])('%s', (_, shares, status) => {
    expect(statuses(spinFindings({ shares, blocks: steady }))['share']).toBe(status);
  });

  it.each<[string, number[], FindingStatus]>([
    ['the same each time', steady, 'ok'],
    ['one in ten takes twice as long', steady.map((time, i) => (i % 10 === 0 ? 2 * time : time)), 'note'],
    ['one in ten is put aside for three blocks', steady.map((time, i) => (i % 10 === 0 ? 4 * time : time)), 'unfit'],
  ])('the same work: %s', (_, blocks, status) => {
    expect(statuses(spinFindings({ shares: [1], blocks }))['repeatability']).toBe(status);
  });

  it('advise to end other programs, or to raise a quota that is too small for one thread', () => {
    const advice = (quota?: number): string | undefined =>
      spinFindings({ shares: [0.5], blocks: steady }, quota)[0]?.advice;
    expect(advice(2)).toMatch(/end them/);
    expect(advice(0.5)).toMatch(/raise it/);
  });

  it('say what they got', () => {
    expect(spinFindings({ shares: [0.5, 0.6], blocks: steady }).map(({ value }) => value)).toEqual([
      '2 threads that spin at once got 55 % of a processor each',
      '0 % longer on average than in its best quarter',
    ]);
    expect(spinFindings({ shares: [0.5], blocks: steady })[0]?.value).toBe(
      'a thread that spins got 50 % of a processor',
    );
  });
});

describe('a quiet time', () => {
  const quiet: QuietTime = {
    foreign: 0.05,
    stolen: 0,
    pressure: { cpu: 0.01, memory: 0, io: 0 },
    lateness: [1e5, 2e5],
    pauses: 0,
  };
  const seen = (fields: Partial<QuietTime>): Record<string, FindingStatus> =>
    statuses(quietFindings({ ...quiet, ...fields }, 2));

  it.each<[string, Partial<QuietTime>, string, FindingStatus]>([
    ['nothing happens', {}, 'foreign', 'ok'],
    // What the spinning threads get decides whether it does any harm.
    ['other programs run', { foreign: 2 }, 'foreign', 'note'],
    ['the host takes a little', { stolen: 0.02 }, 'steal', 'note'],
    ['the host takes much', { stolen: 0.2 }, 'steal', 'unfit'],
    ['programs wait for processors', { pressure: { cpu: 0.9, memory: 0, io: 0 } }, 'pressure', 'note'],
    ['programs wait for memory', { pressure: { cpu: 0, memory: 0.9, io: 0 } }, 'memory-pressure', 'note'],
    ['programs wait for disks', { pressure: { cpu: 0, memory: 0, io: 0.9 } }, 'io-pressure', 'note'],
    ['timers are a little late', { lateness: [1e5, 5e6] }, 'timers', 'note'],
    ['timers are very late', { lateness: [30e6, 40e6] }, 'timers', 'unfit'],
    ['the quota is used up by others', { pauses: 2 }, 'throttling', 'unfit'],
  ])('%s', (_, fields, id, status) => {
    expect(seen(fields)[id]).toBe(status);
  });

  it('says nothing of what cannot be read', () => {
    const unknown = { cpu: undefined, memory: undefined, io: undefined };
    expect(seen({ foreign: undefined, stolen: undefined, pressure: unknown })).toEqual({ timers: 'ok' });
  });
});

describe('Node', () => {
  const start: NodeStart = { version: '20.19.0', flags: [], env: {}, inspected: false };

  it.each<[string, Partial<NodeStart>, FindingStatus, string]>([
    ['nothing', {}, 'ok', 'none'],
    ['harmless flags', { env: { NODE_OPTIONS: '--max-old-space-size=4096' } }, 'ok', '--max-old-space-size=4096'],
    ['a debugger for all processes', { env: { NODE_OPTIONS: '--inspect-brk=0' } }, 'unfit', '--inspect-brk=0'],
    ['no compiler', { env: { NODE_OPTIONS: '--jitless' } }, 'unfit', '--jitless'],
    ['profiles', { env: { NODE_OPTIONS: '--cpu-prof --heap-prof' } }, 'unfit', '--cpu-prof'],
    ['coverage', { env: { NODE_V8_COVERAGE: 'coverage' } }, 'unfit', 'NODE_V8_COVERAGE'],
    ['no coverage after all', { env: { NODE_V8_COVERAGE: '' } }, 'ok', 'none'],
    ['an editor that debugs', { env: { VSCODE_INSPECTOR_OPTIONS: '{}' } }, 'unfit', 'VSCODE_INSPECTOR_OPTIONS'],
    ['something is loaded into all', { env: { NODE_OPTIONS: '--require ./.pnp.cjs' } }, 'note', '--require ./.pnp.cjs'],
    ['the same in short', { env: { NODE_OPTIONS: '-r ./hook.js' } }, 'note', '-r ./hook.js'],
    ['a debugger here alone', { flags: ['--inspect'] }, 'note', '--inspect'],
    ['one that was opened later', { inspected: true }, 'note', 'a debugger listens'],
  ])('%s', (_, fields, status, value) => {
    expect(nodeFindings({ ...start, ...fields })[1]).toMatchObject({ id: 'flags', status, value });
  });

  it.each<[string, FindingStatus]>([
    ['20.19.0', 'ok'],
    ['20.18.1', 'note'],
    ['21.7.0', 'note'],
    ['22.12.0', 'ok'],
    ['23.1.0', 'note'],
    ['26.0.0', 'ok'],
  ])('version %s', (version, status) => {
    expect(nodeFindings({ ...start, version })[0]?.status).toBe(status);
  });
});

describe('the system', () => {
  const meminfo =
    'MemTotal:       24684084 kB\nMemAvailable:   24231336 kB\nSwapTotal:        100 kB\nSwapFree:          60 kB';

  it('reads memory', () => {
    expect(parseMemory(meminfo, 'MemAvailable')).toBe(24_231_336 * 1024);
    expect(parseMemory(meminfo, 'MemFree')).toBeUndefined();
  });

  it.each<[string, Record<string, string>, string, FindingStatus | undefined]>([
    [
      'a governor that saves power',
      { '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': 'powersave' },
      'governor',
      'note',
    ],
    ['one that does not', { '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': 'performance' }, 'governor', 'ok'],
    ['a quota', { '/proc/self/cgroup': '0::/', '/sys/fs/cgroup/cpu.max': '150000 100000' }, 'quota', 'note'],
    ['no quota', {}, 'quota', undefined],
    ['memory that is nearly full', { '/proc/meminfo': 'MemAvailable:  100 kB' }, 'memory', 'note'],
    ['one processor', {}, 'cores', 'note'],
  ])('%s', (_, files, id, status) => {
    expect(statuses(systemFindings(1, (path) => files[path]))[id]).toBe(status);
  });

  it.each<[string, FindingStatus | undefined]>([
    ['tsc', 'ok'],
    ['kvm-clock', 'ok'],
    ['hpet', 'note'],
    ['', undefined],
  ])('clock source %j', (source, status) => {
    expect(clockSource(() => source)[0]?.status).toBe(status);
  });
});

describe('before and after', () => {
  const found = (id: string, status: FindingStatus, value: string): Finding => ({ id, title: 'Share', status, value });
  const fitness = (...findings: Finding[]): Fitness => ({
    fit: findings.every(({ status }) => status !== 'unfit'),
    findings,
  });

  it('keeps the worse of each finding', () => {
    const before = fitness(found('a', 'ok', '1'), found('b', 'unfit', '2'), found('c', 'note', '3'));
    const after = fitness(
      found('a', 'note', '4'),
      found('b', 'ok', '5'),
      found('c', 'note', '6'),
      found('d', 'ok', '7'),
    );
    expect(joinFitness(before, after)).toEqual({
      fit: false,
      findings: [found('a', 'note', '4'), found('b', 'unfit', '2'), found('c', 'note', '3'), found('d', 'ok', '7')],
    });
    expect(joinFitness({ ...after, smallestChange: 0.02 }, after).smallestChange).toBe(0.02);
  });

  it('a fit machine forbids nothing, an unfit one forbids to fail and says why', () => {
    expect(fitnessWarnings(fitness(found('a', 'note', '4')), 'now')).toEqual([]);
    expect(fitnessWarnings(fitness(found('a', 'unfit', '51 %'), found('b', 'ok', 'x')), 'when the run began')).toEqual([
      { code: 'unfit-machine', message: 'the machine was unfit when the run began: share: 51 %', forbids: 'fail' },
    ]);
  });
});
