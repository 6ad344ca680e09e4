import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';

/** What threads that spin at the same time got. */
export interface Spins {
  /** The share of a processor that each thread got while it wanted all of one. */
  readonly shares: readonly number[];
  /** How long the same work took, block by block, of all threads. Milliseconds. */
  readonly blocks: readonly number[];
}

/** Enough to fill any machine that has hogs on all processors, few enough to be started in a moment. */
const mostThreads = 32;

/** A block is half a millisecond of arithmetic that touches no memory to speak of: what differs is the machine. */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const { readFileSync } = require('node:fs');
const gate = new Int32Array(workerData.gate);
function block() {
  let state = 1;
  for (let i = 0; i < 500000; i++) state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return state;
}
// Time on a processor, where Linux counts it for each thread.
function ranMs() {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return NaN;
  }
}
let sink = 0;
for (let i = 0; i < 20; i++) sink ^= block();
parentPort.postMessage('ready');
Atomics.wait(gate, 0, 0);
const blocks = [];
const ran = ranMs();
const begun = performance.now();
let last = begun;
while (last - begun < workerData.durationMs) {
  sink ^= block();
  const now = performance.now();
  blocks.push(now - last);
  last = now;
}
parentPort.postMessage({ ranMs: ranMs() - ran, wallMs: performance.now() - begun, blocks, sink });
`;

interface Spun {
  readonly ranMs: number;
  readonly wallMs: number;
  readonly blocks: readonly number[];
}

/**
 * Spins a thread on each of some processors at the same time. An idle machine gives each nearly all of one; a program
 * that wants a processor too gets its half of it.
 *
 * @throws whatever keeps threads from being started
 */
export async function probeSpins(threads: number, durationMs: number): Promise<Spins> {
  const gate = new SharedArrayBuffer(4);
  const workerData = { gate, durationMs };
  // Neither flags nor hooks of this process: they would be measured with it.
  const options = { eval: true, workerData, execArgv: [], env: {} };
  const count = Math.min(mostThreads, Math.max(1, threads));
  const workers = Array.from({ length: count }, () => new Worker(program, options));
  try {
    await Promise.all(workers.map((worker) => answer(worker)));
    const begun = performance.now();
    const before = process.cpuUsage();
    const answers = workers.map((worker) => answer<Spun>(worker));
    open(gate);
    const spun = await Promise.all(answers);
    const { user, system } = process.cpuUsage(before);
    // Where no thread has a time of its own, all threads of this process share what it got.
    const together = (user + system) / 1000 / count / (performance.now() - begun);
    return {
      shares: spun.map(({ ranMs, wallMs }) => Math.min(1, ranMs > 0 ? ranMs / wallMs : together)),
      blocks: spun.flatMap(({ blocks }) => blocks),
    };
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function open(gate: SharedArrayBuffer): void {
  const cells = new Int32Array(gate);
  Atomics.store(cells, 0, 1);
  Atomics.notify(cells, 0);
}

function answer<T>(worker: Worker): Promise<T> {
  return new Promise((resolve, reject) => {
    worker.once('message', (message: T) => {
      worker.off('error', reject);
      resolve(message);
    });
    worker.once('error', reject);
  });
}
