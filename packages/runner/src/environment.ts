import { createHash } from 'node:crypto';
import { arch, availableParallelism, cpus, hostname, loadavg, platform, release, totalmem } from 'node:os';
import type { Environment, Fitness, Warning } from '@perfkeel/core';
import { fitnessWarnings, joinFitness } from './fitness/join-fitness.ts';
import { cpuPressure } from './fitness/pressure.ts';
import { nodeFlags } from './perf-process.ts';
import { flagsOfBench } from './sides/side-flags.ts';

/** What decides speed, and so what must be equal for two runs to be held against each other. */
function classOf(
  environment: Omit<Environment, 'class' | 'warnings' | 'loadAverage' | 'cpuPressure' | 'fitness' | 'host'>,
): string {
  const { cpu, cores, memory, os, arch, node, v8 } = environment;
  // Hosts of one kind differ by some megabytes; minor versions of Node do not.
  const gigabytes = Math.round(memory / 2 ** 30);
  const system = os.split(' ')[0];
  const minor = node.split('.').slice(0, 2).join('.');
  // Flags such as --jitless or a memory limit reach the measuring processes through this variable. Those of one kind of
  // benchmark count for all: what else a run measured does not make it another machine.
  const flags = [...nodeFlags, ...flagsOfBench, process.env['NODE_OPTIONS'] ?? ''].join(' ').trim();
  const parts = [cpu, cores, gigabytes, system, arch, minor, v8, flags];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** What is known of the machine besides what it is. */
export interface MachineState {
  /** The processor pressure when the run began. */
  readonly pressureBefore?: number | undefined;
  /** The looks at it when the run began and when it ended; none when nobody looked. */
  readonly examined?: readonly [before: Fitness, after?: Fitness | undefined] | undefined;
}

/** A pressure above this share means that another program takes much of this machine. */
const busyPressure = 0.25;

/** Pressure is a hint about the last seconds, which may be over: it counts only when nobody looked any closer. */
function pressureWarnings(pressure: number | undefined): Warning[] {
  if (pressure === undefined || pressure <= busyPressure) return [];
  const message = `the machine was busy: ${Math.round(pressure * 100)} % of the time some program waited for a processor`;
  return [{ code: 'busy-machine', message }];
}

function warningsOf({ pressureBefore, examined }: MachineState): Warning[] {
  if (examined === undefined) return pressureWarnings(pressureBefore);
  const [before, after] = examined;
  // Once unfit is enough: the second look would say the same.
  if (!before.fit || after === undefined) return fitnessWarnings(before, 'when the run began');
  return fitnessWarnings(after, 'when the run ended');
}

/** Describes this machine, and what may not be concluded from times that were measured on it. */
export function readEnvironment(state: MachineState = {}): Environment {
  const { pressureBefore, examined } = state;
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
  const pressureAfter = cpuPressure();
  const [before, after] = examined ?? [];
  return {
    class: classOf(parts),
    ...parts,
    host: hostname(),
    loadAverage: loadavg()[0] ?? 0,
    ...(pressureBefore === undefined || pressureAfter === undefined
      ? {}
      : { cpuPressure: [pressureBefore, pressureAfter] as const }),
    ...(before === undefined ? {} : { fitness: after === undefined ? before : joinFitness(before, after) }),
    warnings: warningsOf(state),
  };
}

/** Of a run in two parts: what was wrong in either is wrong with it. */
export function joinEnvironments(before: Environment, now: Environment): Environment {
  const known = new Set(before.warnings.map(({ code }) => code));
  const fitness =
    before.fitness && now.fitness ? joinFitness(before.fitness, now.fitness) : (now.fitness ?? before.fitness);
  return {
    ...now,
    ...(fitness === undefined ? {} : { fitness }),
    warnings: [...before.warnings, ...now.warnings.filter(({ code }) => !known.has(code))],
  };
}
