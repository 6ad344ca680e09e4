import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, hostname, loadavg, platform, release, totalmem } from 'node:os';
import type { Environment, Warning } from '@perfkeel/core';
import { nodeFlags } from './perf-process.ts';

/** Linux pressure information: the share of the last ten seconds in which some task waited for a processor. */
export function cpuPressure(): number | undefined {
  try {
    const [, percent] = /some avg10=([\d.]+)/.exec(readFileSync('/proc/pressure/cpu', 'utf8')) ?? [];
    return percent === undefined ? undefined : Number(percent) / 100;
  } catch {
    return undefined;
  }
}

/** What decides speed, and so what must be equal for two runs to be held against each other. */
function classOf(
  environment: Omit<Environment, 'class' | 'warnings' | 'loadAverage' | 'cpuPressure' | 'host'>,
): string {
  const { cpu, cores, memory, os, arch, node, v8 } = environment;
  // Hosts of one kind differ by some megabytes; minor versions of Node do not.
  const gigabytes = Math.round(memory / 2 ** 30);
  const system = os.split(' ')[0];
  const minor = node.split('.').slice(0, 2).join('.');
  // Flags such as --jitless or a memory limit reach the measuring processes through this variable.
  const flags = [...nodeFlags, process.env['NODE_OPTIONS'] ?? ''].join(' ').trim();
  const parts = [cpu, cores, gigabytes, system, arch, minor, v8, flags];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** A pressure above this share means that another program takes much of this machine. */
const busyPressure = 0.25;

function environmentWarnings(pressure: number | undefined): Warning[] {
  if (pressure === undefined || pressure <= busyPressure) return [];
  const percent = Math.round(pressure * 100);
  return [
    {
      code: 'busy-machine',
      message: `the machine was busy: ${percent} % of the time some program waited for a processor`,
    },
  ];
}

/** Describes this machine. `before` is the pressure that was read when the run began. */
export function readEnvironment(before: number | undefined): Environment {
  const parts = {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: totalmem(),
    os: `${platform()} ${release()}`,
    arch: arch(),
    node: process.versions.node,
    v8: process.versions.v8,
    ci: Boolean(process.env['CI']),
  };
  const after = cpuPressure();
  return {
    class: classOf(parts),
    ...parts,
    host: hostname(),
    loadAverage: loadavg()[0] ?? 0,
    ...(before === undefined || after === undefined ? {} : { cpuPressure: [before, after] as const }),
    // Pressure at the end includes what was measured; only other programs count.
    warnings: environmentWarnings(before),
  };
}
