import type { EventEmitter } from 'node:events';
import type { Nanos } from '@perfkeel/core';
import type { Instance, Options, Request } from 'autocannon';
import { ClientLedger } from './client-ledger.ts';
import type { ClosedPlan } from './load-plan.ts';
import { mustStop, stopwatch, type LoadRun, type LoopEnd } from './load-run.ts';
import type { PreparedRequest } from './prepared-request.ts';
import { steadyWindow } from './timeline.ts';
import { wirePath } from './wire-path.ts';

/** The clients of autocannon, as its documentation has them. */
type Client = EventEmitter & { setRequests(requests: readonly Request[]): void };

/** What autocannon returns: its types know only the promise of it. */
type RunningInstance = Instance & PromiseLike<unknown>;

/** How a closed loop ended. `cutAnswers` counts answers that ended in their middle. */
export type ClosedEnd = LoopEnd & { readonly cutAnswers: number };

/** How often autocannon looks whether it should stop. */
const stopIntervalMs = 50;

/**
 * The closed model, on autocannon's connections: each client sends its next request when it has the answer to the
 * last. Clients go on until every request of the window has its outcome.
 *
 * @returns what starts it, once autocannon is loaded: an open model never pays for that
 */
export async function prepareClosedLoop(run: LoadRun, pace: ClosedPlan): Promise<() => Promise<ClosedEnd>> {
  const { default: autocannon } = await import('autocannon');
  return () => {
    const loop = new ClosedLoop(run);
    return loop.runWith(autocannon(loop.options(pace)) as unknown as RunningInstance);
  };
}

class ClosedLoop {
  readonly #run: LoadRun;
  readonly #now: () => Nanos;
  readonly #ledgers: ClientLedger[] = [];
  #instance: RunningInstance | undefined;
  #stopped = false;

  constructor(run: LoadRun) {
    this.#run = run;
    this.#now = stopwatch(run.clock);
  }

  options({ clients }: ClosedPlan): Options {
    const { url, plan } = this.#run;
    const requests = plan.requests.map((request) => autocannonRequest(url, request));
    const longest = plan.warmup + plan.duration + plan.timeout;
    return {
      url: url.href,
      connections: clients,
      pipelining: 1,
      // A net under `stop`, which ends the run.
      duration: Math.ceil(longest / 1e9) + 5,
      timeout: plan.timeout / 1e9,
      sampleInt: stopIntervalMs,
      requests,
      setupClient: (client) => this.#openLedger(client as EventEmitter as Client, requests, clients),
    };
  }

  async runWith(instance: RunningInstance): Promise<ClosedEnd> {
    this.#instance = instance;
    const { signal, plan, recorder } = this.#run;
    const stop = (): void => this.#stop();
    signal?.addEventListener('abort', stop, { once: true });
    const atEnd = setTimeout(() => this.#stopWhenDone(), (plan.warmup + plan.duration) / 1e6 + 1);
    if (mustStop(this.#run)) this.#stop();
    try {
      await instance;
    } finally {
      clearTimeout(atEnd);
      signal?.removeEventListener('abort', stop);
    }
    const pending = this.#pending();
    for (const sentAt of pending) recorder.droppedAt(sentAt);
    const cutAnswers = this.#ledgers.reduce((sum, ledger) => sum + ledger.cutAnswers, 0);
    return {
      scheduled: recorder.sentSteady,
      interrupted: !this.#isPastWindow() || pending.length > 0,
      cutAnswers,
    };
  }

  /** Clients start at different places of the cycle, so that they do not all send the same request at once. */
  #openLedger(client: Client, requests: readonly Request[], clients: number): void {
    const { plan, recorder } = this.#run;
    const start = Math.floor((this.#ledgers.length / clients) * requests.length);
    const rotated = <T>(list: readonly T[]): readonly T[] => [...list.slice(start), ...list.slice(0, start)];
    if (start > 0) client.setRequests(rotated(requests).map((request) => ({ ...request })));
    this.#ledgers.push(
      new ClientLedger(client, {
        recorder,
        now: this.#now,
        timeout: plan.timeout,
        requests: rotated(plan.requests),
        onSettled: () => {
          if (mustStop(this.#run)) this.#stop();
          else if (this.#isPastWindow()) this.#stopWhenDone();
        },
      }),
    );
  }

  /** Requests of the window that have no outcome yet. */
  #pending(): readonly number[] {
    return this.#ledgers.flatMap(({ pending }) => pending).filter((sentAt) => this.#run.recorder.isSteady(sentAt));
  }

  #isPastWindow(): boolean {
    return this.#now() >= steadyWindow(this.#run.plan.warmup, this.#run.plan.duration).end;
  }

  #stopWhenDone(): void {
    if (!this.#stopped && this.#pending().length === 0) this.#stop();
  }

  #stop(): void {
    if (this.#stopped || this.#instance === undefined) return;
    this.#stopped = true;
    this.#instance.stop();
  }
}

/** autocannon writes the content length by itself, and would write it twice. */
function autocannonRequest(url: URL, { method, path, headers, body }: PreparedRequest): Request {
  const own = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'content-length'));
  return { method: method as NonNullable<Request['method']>, path: wirePath(url, path), headers: own, body };
}
