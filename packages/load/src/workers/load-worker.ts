import { parentPort, workerData } from 'node:worker_threads';
import { nanos, serialiseError } from '@perfkeel/core';
import type { LoadPlan } from '../load-plan.ts';
import { endOf } from '../loop/generator.ts';
import { prepareLoop } from '../loop/prepare-loop.ts';
import { LoadRecorder } from '../record/load-recorder.ts';
import { ConnectionTally } from '../record/connection-tally.ts';
import { Tally } from '../record/tally.ts';
import { noRows } from '../work/rows.ts';
import { sharedNow, type FromWorker, type SentPlan, type ToWorker, type WorkerTask } from './worker-messages.ts';

/** One of several threads that send: says that it is ready, starts when all are told to, and says how it ended. */
async function work({ plan: sent, url, seed, stripe, ...buffers }: WorkerTask): Promise<void> {
  const stop = new AbortController();
  const started = new Promise<number>((resolve) => {
    parentPort!.on('message', (message: ToWorker) => {
      if (message === 'stop') stop.abort();
      else resolve(message.start);
    });
  });
  const plan = revived(sent);
  const tallies = (all: readonly SharedArrayBuffer[]): Tally[] => all.map((buffer) => new Tally(buffer));
  const record = {
    whole: new Tally(buffers.whole),
    phases: tallies(buffers.phases),
    endpoints: tallies(buffers.endpoints),
    connections: new ConnectionTally(buffers.connections),
  };
  const recorder = new LoadRecorder(plan.profile.phases, plan.endpoints.length, plan.timeout, record);
  const startLoop = await prepareLoop(
    plan,
    { recorder, timeout: plan.timeout, seed, signal: stop.signal, stripe },
    url,
  );
  tell({ kind: 'ready' });
  const start = await started;
  const now = () => nanos(sharedNow() - start);
  tell({ kind: 'ended', end: await endOf(plan, recorder, () => startLoop(now), start - sharedNow()) });
}

const tell = (message: FromWorker): void => parentPort!.postMessage(message);

/** Bytes arrive as bytes, and not as the buffers that they were. */
function revived(plan: SentPlan): LoadPlan {
  const { work } = plan;
  if (work.kind !== 'requests') throw new TypeError(`work of kind ${work.kind} cannot be sent to another thread`);
  const known = new Map(work.requests.map((one) => [one, { ...one, body: one.body && Buffer.from(one.body) }]));
  const requests = work.requests.map((one) => known.get(one)!);
  return { ...plan, work: { ...work, requests }, rows: noRows };
}

work(workerData as WorkerTask)
  .catch((error: unknown) => tell({ kind: 'failed', error: serialiseError(error) }))
  .finally(() => parentPort!.close());
