/**
 * One round of a comparison: one workload in a fresh process, timed by `measureBench` as micro-benchmarks are. An operation
 * is twenty calls; code that is slower by 5 or 10 % does one or two calls more.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { bundle, root } from './fresh-process.mjs';

const program = `
  import { quantile, sorted } from '@perfkeel/core';
  import { measureBench } from './src/bench/measure-bench.ts';
  const [, , workloads, workload, calls, time] = process.argv;
  const { makeWorkload } = await import(workloads);
  const call = makeWorkload(workload);
  const count = Number(calls);
  const run = () => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += call() === undefined ? 0 : 1;
    return sum;
  };
  const { timePerOperation, cpuTime, iterations, warmup } = await measureBench({ run, time });
  const times = sorted(timePerOperation);
  // 21 of them: each twentieth is an entry of its own, and a tenth of the list is a tenth of the sample.
  const quantiles = Array.from({ length: 21 }, (_, i) => quantile(times, i / 20));
  const mean = times.reduce((sum, one) => sum + one, 0) / times.length;
  console.log(JSON.stringify({ quantiles, mean, batches: times.length, cpuTime, iterations, steady: warmup.steady }));
`;

/** Calls in an operation of the code that the others are slower than. */
export const operationCalls = 20;

/** As `perfkeel compare` starts micro-benchmarks. */
export const nodeFlags = ['--no-concurrent-recompilation'];

/** @returns the file to hand to `measureProcess` */
export const bundleProcess = (folder) => bundle(program, join(folder, 'comparison-process.mjs'));

/** What one process measured: quantiles of the time of an operation and their mean in ns, and more. */
export async function measureProcess(file, workload, more, time, flags = nodeFlags) {
  const workloads = pathToFileURL(join(root, 'tools/accuracy/comparison-workloads.mjs')).href;
  const args = ['--expose-gc', ...flags, file, workloads, workload, String(operationCalls + more), time];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
  return JSON.parse(stdout);
}
