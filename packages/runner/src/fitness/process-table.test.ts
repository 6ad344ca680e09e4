import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { familyOf, parseProcessTimes, readProcesses, type ProcessTimes } from './process-table.ts';

const line = (name: string): string =>
  `4242 (${name}) R 17 4240 4240 34816 4242 4194304 1500 20 0 0 31 9 120 4 20 0 11 0 987654 1012940800 11000 184467`;

it.each(['node', 'tmux: server', 'a) b (c', '((sd-pam))', 'x) R 1 2 3'])('reads the times of %s', (name) => {
  expect(parseProcessTimes(line(name))).toEqual({
    pid: 4242,
    name,
    parent: 17,
    group: 4240,
    kernel: false,
    started: 987654,
    usedMs: 400,
    reapedMs: 1240,
  });
});

it('tells threads of the kernel', () => {
  const text = '14 (ksoftirqd/0) S 2 0 0 0 -1 69238848 0 0 0 0 3 250 0 0 20 0 1 0 9 0 0 18446744073709551615';
  expect(parseProcessTimes(text)).toMatchObject({ kernel: true, parent: 2, usedMs: 2530 });
});

it.each(['', '4242 (node', '4242 (node) R 1', 'nothing like it'])('%j is no process', (text) => {
  expect(parseProcessTimes(text)).toBeUndefined();
});

it('leaves out a process that ends while the table is read', () => {
  const files: Record<string, string> = { '/proc/4242/stat': line('node') };
  expect(
    readProcesses(
      (path) => files[path],
      () => ['4242', '4243'],
    ).map(({ pid }) => pid),
  ).toEqual([4242]);
});

const process_ = (pid: number, parent: number, group = pid): ProcessTimes => ({
  pid,
  name: 'x',
  parent,
  group,
  kernel: false,
  started: 0,
  usedMs: 0,
  reapedMs: 0,
});

it.each<[string, number[], number[]]>([
  ['a process and what it started, however deep', [10], [10, 11, 12]],
  ['the members of its group whose parents are gone', [30], [30, 31, 32]],
  ['nobody', [99], []],
  ['two families', [12, 30], [12, 30, 31, 32]],
])('the family of roots: %s', (_, roots, expected) => {
  const table = [
    process_(1, 0),
    process_(10, 1),
    process_(11, 10, 10),
    process_(12, 11),
    process_(20, 1),
    process_(30, 1),
    // An orphan of the group, and its child in a group of its own.
    process_(31, 1, 30),
    process_(32, 31),
  ];
  expect(familyOf(new Set(roots), table).map(({ pid }) => pid)).toEqual(expected);
});

it('ends on a table that is its own parent', () => {
  expect(familyOf(new Set([5]), [process_(1, 2), process_(2, 1)])).toEqual([]);
});

it.runIf(process.platform === 'linux')('sees real processes: a child and its group', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("up"); setInterval(() => {}, 1000)'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const found = readProcesses().find(({ pid }) => pid === child.pid);
    expect(found).toMatchObject({ parent: process.pid, group: child.pid });
    expect(found!.usedMs).toBeLessThan(60_000);
  } finally {
    child.kill('SIGKILL');
  }
});
