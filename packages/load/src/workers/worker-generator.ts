import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { longestOf, nanos, PerfError, reviveError } from '@perfkeel/core';
import type { GeneratorHealth } from '../health/generator-health.ts';
import type { LoadPlan } from '../load-plan.ts';
import { utilisationMeter, type GeneratorEnd, type GeneratorOptions, type LoadGenerator } from '../loop/generator.ts';
import { newRecord, type LoadRecord } from '../record/load-recorder.ts';
import { workerFile } from './worker-file.ts';
import { sharedNow, type FromWorker, type ToWorker, type WorkerTask } from './worker-messages.ts';

/** Enough for the last worker to hear of the start before it has come. */
const startsIn = 50e6;

/** Several threads that send; this one only watches them. */
export async function prepareWorkers(plan: LoadPlan, options: GeneratorOptions): Promise<LoadGenerator> {
  const threads: SendingThread[] = [];
  try {
    for (let worker = 0; worker < plan.workers; worker++) threads.push(new SendingThread(plan, options, worker));
    await Promise.all(threads.map(({ ready }) => ready));
  } catch (error) {
    for (const thread of threads) thread.terminate();
    throw error;
  }
  const meters = threads.map((thread) => utilisationMeter(() => thread.worker.performance.eventLoopUtilization()));
  return {
    records: threads.map(({ record }) => record),
    utilisation: () => Math.max(...meters.map((meter) => meter())),
    start() {
      const start = sharedNow() + startsIn;
      const stop = (): void => threads.forEach((thread) => thread.tell('stop'));
      for (const thread of threads) thread.tell({ start });
      if (options.signal?.aborted === true) stop();
      options.signal?.addEventListener('abort', stop, { once: true });
      const ended = allEnded(threads).finally(() => options.signal?.removeEventListener('abort', stop));
      return { now: () => nanos(sharedNow() - start), ended };
    },
  };
}

/** When one of them breaks, what the others send is no longer what was meant. */
async function allEnded(threads: readonly SendingThread[]): Promise<GeneratorEnd> {
  try {
    return joined(await Promise.all(threads.map(({ ended }) => ended)));
  } finally {
    for (const thread of threads) thread.terminate();
  }
}

class SendingThread {
  readonly worker: Worker;
  readonly record: LoadRecord;
  readonly ready: Promise<unknown>;
  readonly ended: Promise<GeneratorEnd>;

  constructor({ rows: _rows, ...plan }: LoadPlan, { url, seed }: GeneratorOptions, worker: number) {
    this.record = newRecord(plan.profile.phases.length, plan.endpoints.length);
    const { whole, phases, endpoints, connections } = this.record;
    const task: WorkerTask = {
      ...{ plan, url, seed, stripe: { worker, of: plan.workers } },
      whole: whole.buffer,
      phases: phases.map(({ buffer }) => buffer),
      endpoints: endpoints.map(({ buffer }) => buffer),
      connections: connections.buffer,
    };
    this.worker = new Worker(workerFile(), { workerData: task, execArgv: [] });
    this.ready = this.#next();
    this.ended = this.ready.then(() => this.#next()).then((message) => (message as FromWorker & { kind: 'ended' }).end);
    // Whoever waits for it hears of its failure; until then nobody does.
    this.ended.catch(() => {});
  }

  tell(message: ToWorker): void {
    this.worker.postMessage(message);
  }

  terminate(): void {
    void this.worker.terminate();
  }

  /** The next message; its end without one is an error, as is what it throws. */
  async #next(): Promise<FromWorker> {
    const over = new AbortController();
    try {
      const message = once(this.worker, 'message', { signal: over.signal });
      const exit = once(this.worker, 'exit', { signal: over.signal }).then(([code]) => {
        throw new PerfError(`a thread that sends load ended by itself with code ${String(code)}`, {
          code: 'generator-died',
          hint: 'Leave workers out to see why.',
        });
      });
      const [first] = (await Promise.race([message, exit])) as [FromWorker];
      if (first.kind === 'failed') throw reviveError(first.error);
      return first;
    } finally {
      over.abort();
    }
  }
}

/** The worst of them is how the generator fared. */
function joined(ends: readonly GeneratorEnd[]): GeneratorEnd {
  const sum = (read: (end: GeneratorEnd) => number): number => ends.reduce((total, end) => total + read(end), 0);
  const accounts = {
    settled: sum(({ accounts }) => accounts.settled),
    neverConnected: sum(({ accounts }) => accounts.neverConnected),
    firstMessages: Object.assign({}, ...ends.map(({ accounts }) => accounts.firstMessages).reverse()) as object,
  };
  return {
    interrupted: ends.some(({ interrupted }) => interrupted),
    cutAnswers: sum(({ cutAnswers }) => cutAnswers),
    health: worst(ends.map(({ health }) => health)),
    collections: longestOf(ends.flatMap(({ collections }) => collections)),
    accounts,
  };
}

function worst(all: readonly GeneratorHealth[]): GeneratorHealth {
  const most = (values: readonly (number | undefined)[]): number | undefined => {
    const known = values.filter((value) => value !== undefined);
    return known.length === 0 ? undefined : Math.max(...known);
  };
  return {
    eventLoopUtilisation: Math.max(...all.map(({ eventLoopUtilisation }) => eventLoopUtilisation)),
    runQueueWait: most(all.map(({ runQueueWait }) => runQueueWait)),
    waitPerTurn: most(all.map(({ waitPerTurn }) => waitPerTurn)),
    idle: Math.min(...all.map(({ idle }) => idle)),
    pressure: most(all.map(({ pressure }) => pressure)),
  };
}
