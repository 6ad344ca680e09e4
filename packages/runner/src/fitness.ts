import { readFileSync } from 'node:fs';
import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';
import { performance } from 'node:perf_hooks';
import { formatNumber, formatQuantity, quantile, sorted } from '@perfkeel/core';
import { cpuPressure } from './environment.ts';

/** `ok` measures well, `note` is worth knowing, `unfit` makes small differences invisible here. */
export type FindingStatus = 'ok' | 'note' | 'unfit';

/** One thing that was looked at on this machine. */
export interface Finding {
  readonly id: string;
  readonly title: string;
  readonly status: FindingStatus;
  readonly value: string;
  /** What to do about it. */
  readonly advice?: string | undefined;
}

const finding = (id: string, title: string, status: FindingStatus, value: string, advice?: string): Finding => ({
  id,
  title,
  status,
  value,
  ...(status === 'ok' || advice === undefined ? {} : { advice }),
});

/** Looks at what disturbs measurements. Takes about a second, most of it the same work over and over. */
export function examineMachine(): Finding[] {
  return [
    nodeVersion(),
    debuggerAttached(),
    cores(),
    quota(),
    governor(),
    memory(),
    load(),
    pressure(),
    clock(),
    repeatability(),
  ].filter((found) => found !== undefined);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24;
  return finding(
    'node',
    'Node',
    supported ? 'ok' : 'unfit',
    process.versions.node,
    'Use Node 20.19, 22.12, 24 or newer.',
  );
}

function debuggerAttached(): Finding {
  const flags = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
  const disturbing = /--inspect|--cpu-prof|--heap-prof|--prof\b|--jitless|--require|--import|--loader/.exec(flags);
  return finding(
    'flags',
    'Node flags',
    disturbing ? 'unfit' : 'ok',
    flags.trim() || 'none',
    'Measure without these flags.',
  );
}

function cores(): Finding {
  const count = availableParallelism();
  return finding(
    'cores',
    'Processors',
    count >= 2 ? 'ok' : 'unfit',
    String(count),
    'A target and the load on it need a processor each.',
  );
}

/** Control groups, version 2: "max 100000" or "150000 100000". */
function quota(): Finding | undefined {
  const [limit, period] = readText('/sys/fs/cgroup/cpu.max')?.split(' ') ?? [];
  if (limit === undefined || period === undefined || limit === 'max') return undefined;
  const share = Number(limit) / Number(period);
  return finding(
    'quota',
    'Processor quota',
    'note',
    `${formatNumber(share)} processors`,
    'A container that uses up its quota is paused for tens of milliseconds.',
  );
}

function governor(): Finding | undefined {
  const name = readText('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor');
  if (name === undefined) return undefined;
  return finding(
    'governor',
    'Frequency governor',
    name === 'performance' ? 'ok' : 'note',
    name,
    'sudo cpupower frequency-set -g performance',
  );
}

function memory(): Finding {
  const share = freemem() / totalmem();
  return finding(
    'memory',
    'Free memory',
    share > 0.1 ? 'ok' : 'note',
    formatQuantity(freemem(), 'B'),
    'A machine that swaps measures its disk.',
  );
}

function load(): Finding | undefined {
  if (process.platform === 'win32') return undefined;
  const average = loadavg()[0] ?? 0;
  const busy = average > availableParallelism() * 0.7;
  return finding(
    'load',
    'Load average',
    busy ? 'note' : 'ok',
    formatNumber(average),
    'Something else is running: end it, or expect inconclusive verdicts.',
  );
}

function pressure(): Finding | undefined {
  const share = cpuPressure();
  if (share === undefined) return undefined;
  const status = share > 0.6 ? 'unfit' : share > 0.25 ? 'note' : 'ok';
  return finding(
    'pressure',
    'Processor pressure',
    status,
    formatQuantity(share, 'ratio'),
    'Programs wait for a processor: end what else runs.',
  );
}

/** The smallest step that two readings of the clock can differ by, and what a reading costs. */
function clock(): Finding {
  const readings = 20_000;
  let smallest = Infinity;
  const begin = performance.now();
  for (let i = 0, before = begin; i < readings; i++) {
    const now = performance.now();
    if (now > before) smallest = Math.min(smallest, now - before);
    before = now;
  }
  const cost = ((performance.now() - begin) * 1e6) / readings;
  const step = smallest * 1e6;
  const value = `step ${formatQuantity(step, 'ns')}, ${formatQuantity(cost, 'ns')} a reading`;
  return finding('clock', 'Clock', step <= 1000 ? 'ok' : 'unfit', value, 'A coarse clock hides short operations.');
}

/** Work that takes about two milliseconds and touches no memory to speak of. */
function spin(): number {
  const begin = performance.now();
  let state = 1;
  for (let i = 0; i < 1_000_000; i++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  const end = performance.now();
  return state === 0.5 ? NaN : end - begin;
}

/** The same work many times: what differs is the machine. */
function repeatability(): Finding {
  for (let i = 0; i < 20; i++) spin();
  const times = sorted(Array.from({ length: 200 }, spin));
  const spread = quantile(times, 0.75) / quantile(times, 0.25) - 1;
  const worst = quantile(times, 0.99) / quantile(times, 0) - 1;
  const status = spread > 0.1 ? 'unfit' : spread > 0.03 || worst > 0.5 ? 'note' : 'ok';
  const value = `middle half within ${formatQuantity(spread, 'ratio')}, worst ${formatQuantity(worst, 'ratio')} over the best`;
  return finding(
    'repeatability',
    'Same work again',
    status,
    value,
    'Other programs or other virtual machines take time here; small differences stay hidden.',
  );
}
