import { describe, expect, it } from 'vitest';
import {
  parseOwnGroup,
  parseProcessorLimit,
  parseThrottling,
  readProcessorLimit,
  readThrottling,
} from './control-group.ts';
import { parsePressure, readPressure } from './pressure.ts';
import { parseRunQueue, readRunQueue } from './run-queue.ts';

describe('pressure', () => {
  const text = `some avg10=25.86 avg60=14.66 avg300=11.52 total=4125638784
full avg10=1.00 avg60=0.00 avg300=0.00 total=77`;

  it.each([
    ['the line of some, not of full', text, { recent: 0.2586, totalMs: 4125638.784 }],
    ['a quiet machine', 'some avg10=0.00 avg60=0.00 avg300=0.00 total=0', { recent: 0, totalMs: 0 }],
    ['a file of something else', 'nothing', undefined],
  ])('%s', (_, file, expected) => {
    expect(parsePressure(file)).toEqual(expected);
  });

  it('is unknown where the kernel does not count it', () => {
    expect(readPressure('memory', () => undefined)).toBeUndefined();
    expect(readPressure('io', (path) => (path === '/proc/pressure/io' ? text : undefined))?.recent).toBe(0.2586);
  });
});

describe('run queue', () => {
  it.each([
    ['ran, waited, turns', '250876760 10296069 43', { ranMs: 250.87676, waitedMs: 10.296069 }],
    ['a process that has just started', '0 0 1', { ranMs: 0, waitedMs: 0 }],
    ['nothing', '', undefined],
  ])('%s', (_, text, expected) => {
    expect(parseRunQueue(text)).toEqual(expected);
  });

  it('is unknown of a process that is gone', () => {
    expect(readRunQueue(4242, () => undefined)).toBeUndefined();
  });
});

describe('control groups', () => {
  const read = (files: Record<string, string>) => (path: string) => files[path];

  it.each([
    ['a service', '0::/system.slice/ci.service', '/system.slice/ci.service'],
    ['a container', '0::/', '/'],
    ['both versions', '4:memory:/x\n1:cpu:/y\n0::/user.slice', '/user.slice'],
    ['version 1 alone', '4:memory:/x\n1:cpu:/y', undefined],
  ])('own group: %s', (_, text, expected) => {
    expect(parseOwnGroup(text)).toBe(expected);
  });

  it.each([
    ['no limit', 'max 100000', undefined],
    ['one and a half processors', '150000 100000', 1.5],
    ['a tenth', '10000 100000', 0.1],
    ['nothing', '', undefined],
  ])('cpu.max: %s', (_, text, expected) => {
    expect(parseProcessorLimit(text)).toBe(expected);
  });

  it('the tightest limit holds, also one of an outer group', () => {
    const files = {
      '/proc/self/cgroup': '0::/kubepods/pod1/app',
      '/sys/fs/cgroup/kubepods/pod1/app/cpu.max': '400000 100000',
      '/sys/fs/cgroup/kubepods/pod1/cpu.max': '200000 100000',
      '/sys/fs/cgroup/kubepods/cpu.max': 'max 100000',
    };
    expect(readProcessorLimit(read(files))).toBe(2);
    expect(readProcessorLimit(read({ '/proc/self/cgroup': '0::/a/b' }))).toBeUndefined();
    expect(readProcessorLimit(read({}))).toBeUndefined();
  });

  it('in a container whose path only the host knows, the outermost folder counts', () => {
    const files = { '/proc/self/cgroup': '0::/docker/0123', '/sys/fs/cgroup/cpu.max': '50000 100000' };
    expect(readProcessorLimit(read(files))).toBe(0.5);
  });

  const stat = (times: number, microseconds: number): string =>
    `usage_usec 5000\nuser_usec 4000\nsystem_usec 1000\nnr_periods 90\nnr_throttled ${times}\nthrottled_usec ${microseconds}\nnr_bursts 0`;

  it('pauses are those of every group around this process', () => {
    expect(parseThrottling(stat(12, 345_678))).toEqual({ times: 12, pausedMs: 345.678 });
    expect(parseThrottling('usage_usec 5000')).toBeUndefined();
    const files = {
      '/proc/self/cgroup': '0::/pod/app',
      '/sys/fs/cgroup/pod/app/cpu.stat': stat(2, 3000),
      '/sys/fs/cgroup/pod/cpu.stat': stat(1, 500),
      '/sys/fs/cgroup/cpu.stat': 'usage_usec 5000',
    };
    expect(readThrottling(read(files))).toEqual({ times: 3, pausedMs: 3.5 });
    expect(readThrottling(read({}))).toEqual({ times: 0, pausedMs: 0 });
  });
});
